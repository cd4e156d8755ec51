/**
 * A folder that looks like an unpacked distribution of Apache ZooKeeper and logs through log4j 1.2 with a pattern of choice:
 * links to the jars that Debian has. The launcher runs it as it runs any distribution (`apacheHome`).
 */
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { missingForApache } from './apache-server.ts';

const JARS = '/usr/share/java';
/** Of these the manifest of zookeeper.jar does not know; where it lies, its own list of jars is found by absolute names. */
const LINKS = ['zookeeper-3.8.0.jar', 'servlet-api.jar', 'log4j-1.2.jar', 'slf4j-log4j12.jar'];

/** The pattern that every release from 3.4 to 3.9 ships with, for log4j and logback alike. */
export const SHIPPED_PATTERN = '%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n';

/** What is missing to run Apache ZooKeeper with log4j here, or undefined when nothing is. */
export function missingForLog4j(): string | undefined {
  const missing = LINKS.filter((jar) => !existsSync(path.join(JARS, jar)));
  return missing.length > 0 ? `${missing.join(', ')} not found in ${JARS}` : missingForApache();
}

export interface Log4jOptions {
  readonly pattern: string;
  /** Levels of loggers by name; the root logs at INFO. */
  readonly levels?: Readonly<Record<string, string>>;
}

export async function makeApacheHome(
  folder: string,
  { pattern, levels = {} }: Log4jOptions,
): Promise<string> {
  await mkdir(path.join(folder, 'lib'), { recursive: true });
  await mkdir(path.join(folder, 'conf'), { recursive: true });
  for (const jar of LINKS) await symlink(path.join(JARS, jar), path.join(folder, 'lib', jar));
  const loggers = Object.entries(levels).map(([name, level]) => `log4j.logger.${name}=${level}`);
  const lines = [
    'log4j.rootLogger=INFO, OUT',
    'log4j.appender.OUT=org.apache.log4j.ConsoleAppender',
    'log4j.appender.OUT.layout=org.apache.log4j.PatternLayout',
    `log4j.appender.OUT.layout.ConversionPattern=${pattern}`,
    ...loggers,
  ];
  await writeFile(path.join(folder, 'conf', 'log4j.properties'), `${lines.join('\n')}\n`);
  return folder;
}
