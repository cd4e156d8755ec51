/**
 * Who may import whom: DESIGN's table, row by row (rule names begin with the row).
 * test/unit/build/boundaries.test.ts plants a violation of every rule and demands that it fires.
 * Type-only imports count as imports, except of `electron`: its types carry no code.
 */
import type { IConfiguration, IRegularForbiddenRuleType } from 'dependency-cruiser';

const PURE_SERVER = '^embedded-server/(core|quorum-protocol)/';
const BUILTIN: IRegularForbiddenRuleType['to'] = { dependencyTypes: ['core'] };

const forbid = (
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType => ({ name, comment, severity: 'error', from, to });

const configuration: IConfiguration & { forbidden: IRegularForbiddenRuleType[] } = {
  forbidden: [
    // shared
    forbid(
      'shared-only-shared',
      'shared is pure: it imports nothing outside shared',
      { path: '^shared/', pathNot: '^shared/api/' },
      { pathNot: '^shared/' },
    ),
    forbid(
      'shared-api-only-contract',
      'shared/api may import zod and the oRPC contract package besides shared, and nothing else',
      { path: '^shared/api/' },
      { pathNot: ['^shared/', '(^|/)node_modules/(zod|@orpc/contract)/'] },
    ),

    // renderer
    forbid(
      'renderer-only-shared',
      'the renderer imports no other part of the project than shared (features/lab: also the pure server code)',
      { path: '^renderer/', pathNot: '^renderer/features/lab/' },
      { path: '^(electron|embedded-server|build|test)/' },
    ),
    forbid(
      'renderer-lab-only-pure',
      'features/lab may import the pure parts of the server, and no other part',
      { path: '^renderer/features/lab/' },
      { path: '^(electron|embedded-server|build|test)/', pathNot: PURE_SERVER },
    ),
    forbid(
      'renderer-no-node',
      'the renderer runs in a page: no Node built-ins',
      { path: '^renderer/' },
      BUILTIN,
    ),

    // electron
    forbid(
      'electron-only-shared-and-launcher',
      'the shell imports shared and the launcher of ensembles',
      { path: '^electron/' },
      { path: '^(renderer|build|test|embedded-server)/', pathNot: '^embedded-server/launcher/' },
    ),
    forbid(
      'electron-package-in-entries-only',
      "only the Electron entry files import 'electron': anywhere else it starts a download",
      { pathNot: '^electron/(main|preload|window|menu)\\.ts$' },
      { path: '(^|/)node_modules/electron/|^electron$', dependencyTypesNot: ['type-only'] },
    ),

    // embedded-server
    forbid(
      'core-only-shared',
      'the core is pure: shared, and the message types of quorum-protocol',
      { path: '^embedded-server/core/' },
      { pathNot: ['^shared/(?!api/)', PURE_SERVER] },
    ),
    forbid(
      'quorum-protocol-only-shared',
      'the codecs are pure: shared only',
      { path: '^embedded-server/quorum-protocol/' },
      { pathNot: ['^shared/(?!api/)', '^embedded-server/quorum-protocol/'] },
    ),
    forbid(
      'server-outside-only-pure-and-node',
      'storage, net and admin import the pure code, shared and Node; not each other, nor the driver or the launcher',
      { path: '^embedded-server/(storage|net|admin)/' },
      {
        pathNot: ['^shared/(?!api/)', PURE_SERVER, '^embedded-server/$1/'],
        dependencyTypesNot: ['core'],
      },
    ),
    forbid(
      'server-only-server-and-shared',
      'driver, main and launcher import embedded-server and shared, no other part of the project',
      { path: '^embedded-server/' },
      { path: '^(electron|renderer|build|test)/' },
    ),
    forbid(
      'server-no-launcher',
      'one server process knows nothing of ensembles: only the launcher and what starts it import the launcher',
      { path: '^embedded-server/', pathNot: '^embedded-server/launcher/' },
      { path: '^embedded-server/launcher/' },
    ),

    // build and test
    forbid(
      'build-stands-alone',
      'the tools that build the project do not import it',
      { path: '^build/' },
      { path: '^(shared|electron|embedded-server|renderer|test)/' },
    ),

    // everywhere
    forbid(
      'no-circular',
      'files that import each other in a ring cannot be understood apart',
      {},
      { circular: true },
    ),
    forbid(
      'no-orphans',
      'a source that nothing imports and that imports nothing is left over',
      { orphan: true, path: '^(shared|electron|embedded-server|renderer|build)/', pathNot: '\\.d\\.ts$' },
      {},
    ),
    forbid(
      'no-unresolvable',
      'every import is found: in the sources, in Node, or in an installed package',
      { path: '^(shared|electron|embedded-server|renderer|build|test)/' },
      { couldNotResolve: true },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^release/', '^\\.tsbuild/', '^test/(output|fixtures)/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'types', 'node', 'require', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};

export default configuration;
