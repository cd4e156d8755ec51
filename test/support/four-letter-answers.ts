/** What a server answers to a four-letter word, and what of it is the same from run to run. */
import { once } from 'node:events';
import net from 'node:net';
import { within } from './wait.ts';

/** Everything until the server closes the connection. */
export async function askWord({ host, port }: { host: string; port: number }, word: string): Promise<string> {
  const socket = net.connect({ host, port });
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => (text += chunk));
  socket.write(word);
  await within(`${word} is answered`, once(socket, 'close'));
  return text;
}

/** The text with everything that differs from run to run taken out. */
export function shapeOf(text: string): string {
  return text
    .replace(/version: .*/, 'version: V')
    .replace(/0x[0-9a-f]+/g, '0xN')
    .replace(/\w{3} \w{3} \d\d \d\d:\d\d:\d\d \w+ \d{4}/g, 'DATE')
    .replace(/=\/.*/g, '=FOLDER')
    .replace(/-?\d+(\.\d+)?/g, 'N');
}

/** For texts whose order or grouping is chance. */
export function lineShapesOf(text: string): readonly string[] {
  return [...new Set(shapeOf(text).split('\n'))].sort();
}
