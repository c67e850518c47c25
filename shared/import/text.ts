import { createReadStream } from 'node:fs';
import type { Encoding } from './encoding.ts';
import { ImportFileError } from './headers.ts';

/**
 * A file's text in pieces: without byte order mark, and with `\n` for every line break, so that lines count the same
 * inside and outside quotes.
 */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let held = '';
  for await (const chunk of createReadStream(path)) {
    const text = held + decode(decoder, path, chunk as Buffer);
    // The next piece may begin with the other half of this line break.
    held = text.endsWith('\r') ? '\r' : '';
    yield withLineFeeds(text.slice(0, text.length - held.length));
  }
  yield withLineFeeds(held + decode(decoder, path));
}

/** @param bytes nothing: the end of the file. @throws ImportFileError where a character is cut or is none */
function decode(decoder: TextDecoder, path: string, bytes?: Buffer): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new ImportFileError(`${path}: the file holds half a character, as one that was cut off; export it anew`);
  }
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
