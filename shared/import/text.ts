import { createReadStream } from 'node:fs';
import { ImportFileError } from './headers.ts';

/**
 * A file's text in pieces: without byte order mark, and with `\n` for every line break, so that lines count the same
 * inside and outside quotes.
 * @throws ImportFileError for any encoding but UTF-8: guessing would write broken names into the ERP.
 */
export async function* readText(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held = '';
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new ImportFileError(`${path}: not UTF-8; in Excel, save it as "CSV UTF-8"`);
    }
  };
  for await (const chunk of createReadStream(path)) {
    const text = held + decode(chunk as Buffer);
    // The next piece may begin with the other half of this line break.
    held = text.endsWith('\r') ? '\r' : '';
    yield withLineFeeds(text.slice(0, text.length - held.length));
  }
  yield withLineFeeds(held + decode());
}

const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n');

/** The lines of a file without their line breaks. */
export async function* readLines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of readText(path)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
