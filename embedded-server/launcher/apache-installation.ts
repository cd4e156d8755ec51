/** Finds Java and the jars of Apache ZooKeeper: Debian's packages, or an unpacked distribution by its folder. */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { StartError } from './start-error.ts';

export interface ApacheInstallation {
  readonly java: string;
  readonly classPath: string;
}

const DEBIAN_FOLDER = '/usr/share/java';
/** zookeeper.jar names what else it needs; these two it leaves to whoever runs it. */
const DEBIAN_JARS = ['zookeeper.jar', 'servlet-api.jar', 'slf4j-simple.jar'];
const DEBIAN_PACKAGES = 'zookeeper libzookeeper-java libservlet-api-java libslf4j-java default-jre-headless';

/** Throws StartError with what is missing and what to do about it. */
export function findApache(
  apacheHome: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): ApacheInstallation {
  const java = findJava(env);
  if (java === undefined) {
    throw new StartError(
      `Java was not found, neither by JAVA_HOME nor on the PATH; on Debian: apt-get install ${DEBIAN_PACKAGES}`,
    );
  }
  return {
    java,
    classPath: apacheHome === undefined ? debianClassPath() : distributionClassPath(apacheHome),
  };
}

function findJava({ JAVA_HOME, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  const folders = [
    ...(JAVA_HOME === undefined ? [] : [path.join(JAVA_HOME, 'bin')]),
    ...PATH.split(path.delimiter),
  ];
  return folders.map((folder) => path.join(folder, 'java')).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function debianClassPath(): string {
  const jars = DEBIAN_JARS.map((jar) => path.join(DEBIAN_FOLDER, jar));
  const missing = jars.filter((jar) => !existsSync(jar));
  if (missing.length > 0) {
    throw new StartError(
      `Apache ZooKeeper is not installed: ${missing.join(', ')} not found; on Debian: apt-get install ` +
        `${DEBIAN_PACKAGES}; elsewhere unpack a distribution and name its folder with --apache-home`,
    );
  }
  return jars.join(path.delimiter);
}

/** 3.5 and later have every jar in `lib`, earlier ones zookeeper's own beside it. Logging is configured in `conf`. */
function distributionClassPath(apacheHome: string): string {
  const home = path.resolve(apacheHome);
  const folders = [path.join(home, 'lib'), home];
  const hasServer = folders.some((folder) =>
    filesOf(folder).some((name) => /^zookeeper-\d.*\.jar$/.test(name)),
  );
  if (!hasServer) {
    throw new StartError(
      `${home} holds no Apache ZooKeeper: there is no zookeeper-<version>.jar in it nor in its lib; ` +
        'name the folder of an unpacked binary distribution (apache-zookeeper-<version>-bin)',
    );
  }
  return [path.join(home, 'conf'), ...folders.map((folder) => path.join(folder, '*'))].join(path.delimiter);
}

function filesOf(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
