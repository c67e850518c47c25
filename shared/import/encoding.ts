import { createReadStream } from 'node:fs';
import { ImportFileError } from './headers.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * How a file's text is encoded, as far as its bytes prove it.
 * @throws ImportFileError when they do not: guessing would write broken names into the ERP.
 */
export async function encodingOf(path: string): Promise<Encoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const seen = new Set<number>();
  let isUtf8 = true;
  let before = 0;
  let hasUtf8 = false;
  let isFirst = true;
  for await (const chunk of createReadStream(path)) {
    const bytes = chunk as Buffer;
    const wide = isFirst ? utf16(bytes) : null;
    if (wide !== null) return wide;
    if (isFirst && isWorkbook(bytes)) throw new ImportFileError(`${path}: an Excel workbook; ${SAVE_AS}`);
    isFirst = false;
    isUtf8 &&= isValid(utf8, bytes);
    for (const byte of bytes) {
      if (byte >= 0x80) seen.add(byte);
      hasUtf8 ||= before === 0xc3 && byte >= 0x80 && byte <= 0xbf;
      before = byte;
    }
  }
  if (isUtf8 && isValid(utf8)) return 'utf-8';
  // Rows of two exports in one file: `å` is Ã¥ in the one, and nothing at all in the other.
  if (isWindows1252(seen) && !hasUtf8) return 'windows-1252';
  throw new ImportFileError(`${path}: neither UTF-8 nor surely another encoding; ${SAVE_AS}`);
}

const SAVE_AS = 'in Excel, save it as "CSV UTF-8 (comma delimited)"';

/** The first bytes of `.xlsx` and of `.xls`. */
const isWorkbook = (bytes: Buffer): boolean => ['504b0304', 'd0cf11e0'].includes(bytes.subarray(0, 4).toString('hex'));

/** @param bytes nothing: the end of the file. */
function isValid(decoder: TextDecoder, bytes?: Buffer): boolean {
  try {
    if (bytes === undefined) decoder.decode();
    else decoder.decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** By its byte order mark, else because every other byte of a header line is zero, which no text in UTF-8 has. */
function utf16(bytes: Buffer): Encoding | null {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return 'utf-16le';
  if (first === 0 && third === 0 && second !== 0 && fourth !== 0) return 'utf-16be';
  return null;
}

/** Æ Ø Å æ ø å. Mac and DOS encodings have them at bytes that Windows-1252 gives to signs. */
const NORWEGIAN = [0xc6, 0xd8, 0xc5, 0xe6, 0xf8, 0xe5];
/** Signs that texts have: € … ' ' " " – — no-break space, § « ° ´ ». */
const SIGNS = [0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xa0, 0xa7, 0xab, 0xb0, 0xb4, 0xbb];
const isLetter = (byte: number): boolean => byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7;

/** Every byte is a letter or a usual sign in it, and Norwegian letters are among them. */
function isWindows1252(seen: ReadonlySet<number>): boolean {
  const bytes = [...seen];
  return (
    bytes.some((byte) => NORWEGIAN.includes(byte)) && bytes.every((byte) => isLetter(byte) || SIGNS.includes(byte))
  );
}
