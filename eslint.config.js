import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Rules for everything type-checked; the compilers check the rest. Formatting is prettier's. */
export default tseslint.config(
  {
    ignores: [
      'dist/',
      'release/',
      '.tsbuild/',
      '.screenshots/',
      'coverage/',
      'test/output/',
      'test/fixtures/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mjs,js}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              // Node runs the sources as they are: an import names its file.
              regex: '^\\.{1,2}(/(?!.*\\.(ts|tsx|js|mjs|cjs|css|json|svg|png|woff2)(\\?.*)?$).*)?$',
              message: 'Write the file with its ending: ./name.ts',
            },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        // `default: assertNever(x)` proves exhaustiveness to the compiler already.
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowInGenericTypeArguments: true }],
      // `for (;;)` and `while (true)` loops end by return; interfaces of state machines name bounds as literals.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // An async function that implements an interface need not await.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      // Event handlers of React take async functions; the rule stays on for everything else.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      // Tests know what they put in; `!` says so shorter than an assertion.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: [
      'build/**',
      'embedded-server/launcher/ensemble.ts',
      'electron/start.ts',
      'test/e2e/screenshots.ts',
      'test/bench/server-bench.ts',
      'test/incidents/diagnosis-bench.ts',
      'test/simulation/{simulate,simulate-mutants}.ts',
      'test/kill-9/kill-9.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Plain JavaScript: compiled with checkJs in build/, but without the type-aware rules.
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        console: 'readonly',
        URL: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-import-type-side-effects': 'off' },
  },
);
