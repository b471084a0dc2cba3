import { isUtf8 } from 'node:buffer';
import type { JsonScan } from './json-scan.js';

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];

/** What a stretch of bytes says as JSON, and whether an object in it has a key twice; or why it is no JSON. */
export type ReadJson = { readonly value: unknown; readonly duplicates: boolean } | { readonly wrong: string };

/** Reads `bytes[from, to)` as JSON. Never throws. */
export function readJson(bytes: Buffer, from: number, to: number, scan: JsonScan): ReadJson {
  if (!isUtf8(bytes.subarray(from, to))) return { wrong: 'is not UTF-8' };
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', from, to));
    const duplicates = !scan.isPlain(bytes, from, to) && written(bytes, from, to) > kept(value);
    return { value, duplicates };
  } catch {
    return { wrong: 'is not JSON' };
  }
}

/** How many members all objects have together in a text that is JSON: its colons outside strings. */
function written(bytes: Buffer, from: number, to: number): number {
  let members = 0;
  let inString = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString && byte === BACKSLASH) at++;
    else if (!inString && byte === COLON) members++;
  }
  return members;
}

/** How many were left when the text was read: of two with the same key only one is. */
function kept(value: unknown): number {
  let members = 0;
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside = Object.values(next);
    if (!Array.isArray(next)) members += inside.length;
    for (const each of inside) open.push(each);
  }
  return members;
}
