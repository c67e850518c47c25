import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Path inside the archive, with forward slashes. */
  readonly name: string;
  readonly data: Buffer;
}

/** 1 January 1980, the first day a ZIP can name: a fixed time makes equal contents equal archives. */
const FIXED_DATE = 0x0021;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** Made on Unix, a plain file that everyone may read and the owner may write. */
const UNIX = 3 << 8;
const MODE_0644 = 0o100644;

/**
 * A ZIP whose bytes depend on the entries' names and contents only (APPNOTE.TXT 6.3, no ZIP64: far below 4 GiB).
 * Entries are sorted, so that the order in which a folder was read does not matter.
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of sorted) {
    const name = Buffer.from(entry.name, 'utf8');
    const packed = deflateRawSync(entry.data, { level: 9 });
    const common = commonHeader(entry.data, packed, name.length);
    const local = Buffer.concat([uint32(0x04034b50), common, name, packed]);
    bodies.push(local);
    directory.push(centralHeader(common, offset), name);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...bodies, central, endOfDirectory(sorted.length, central.length, offset)]);
}

/** The 26 bytes that the local and the central header share. */
function commonHeader(data: Buffer, packed: Buffer, nameLength: number): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(UTF8_NAMES, 2);
  header.writeUInt16LE(DEFLATED, 4);
  header.writeUInt16LE(0, 6);
  header.writeUInt16LE(FIXED_DATE, 8);
  header.writeUInt32LE(crc32(data), 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(nameLength, 22);
  header.writeUInt16LE(0, 24);
  return header;
}

function centralHeader(common: Buffer, offset: number): Buffer {
  const start = Buffer.alloc(6);
  start.writeUInt32LE(0x02014b50, 0);
  start.writeUInt16LE(UNIX | 20, 4);
  const end = Buffer.alloc(14);
  end.writeUInt32LE(MODE_0644 * 0x10000, 6);
  end.writeUInt32LE(offset, 10);
  return Buffer.concat([start, common, end]);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
