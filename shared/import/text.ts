import { createReadStream } from 'node:fs';
import type { Encoding } from './encoding.ts';

/**
 * A file's text in pieces: without byte order mark, and with `\n` for every line break, so that lines count the same
 * inside and outside quotes.
 */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let held = '';
  for await (const chunk of createReadStream(path)) {
    const text = held + decoder.decode(chunk as Buffer, { stream: true });
    // The next piece may begin with the other half of this line break.
    held = text.endsWith('\r') ? '\r' : '';
    yield withLineFeeds(text.slice(0, text.length - held.length));
  }
  yield withLineFeeds(held + decoder.decode());
}

const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n');

/** The lines of a file without their line breaks. */
export async function* readLines(path: string, encoding: Encoding): AsyncGenerator<string> {
  let rest = '';
  for await (const text of readText(path, encoding)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
