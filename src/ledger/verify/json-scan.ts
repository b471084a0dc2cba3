/**
 * Reads JSON bytes without making values of them, several times as fast as JSON.parse. It vouches only for what is
 * plain; whatever is not (a key out of order, an escape in a key, anything wrong) is for JSON.parse to judge.
 */
import { isUtf8 } from 'node:buffer';

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, DOT, ZERO] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2e, 0x30];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Nesting beyond this is left to JSON.parse too. */
const DEEPEST = 64;
const MOST_MEMBERS = 16;

/** By byte: 1 inside a string what stands for itself in ASCII, 2 what UTF-8 uses beyond, 0 anything else. */
const IN_STRING = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return 2;
  return byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 0 : 1;
});
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const [ONES, HIGHEST_BITS, QUOTES, BACKSLASHES] = [0x01010101, 0x80808080 | 0, 0x22222222, 0x5c5c5c5c];
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** Keeps where it is in one text at a time; use one for many texts. */
export class JsonScan {
  /** Where the keys (behind the quote) and values of the outermost object begin, as far as there is room. */
  readonly keys = new Int32Array(MOST_MEMBERS);
  readonly values = new Int32Array(MOST_MEMBERS + 1);
  /** How many members the outermost object has. */
  members = 0;

  readonly #isObject = new Uint8Array(DEEPEST + 1);
  /** Where the last key of each open object begins and ends; equal: it has none yet. */
  readonly #keyFrom = new Int32Array(DEEPEST + 1);
  readonly #keyTo = new Int32Array(DEEPEST + 1);
  #bytes: Uint8Array = new Uint8Array(0);
  /** The same memory in words, and where in it the bytes begin. */
  #words: Int32Array = new Int32Array(0);
  #offset = 0;
  #beyondAscii = false;

  /**
   * Whether `bytes[from, to)` is, for certain, one JSON object in UTF-8 whose objects all have their keys in
   * ascending order, without whitespace between them. No such text has a key twice.
   */
  isPlain(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2);
      this.#offset = bytes.byteOffset;
    }
    this.#beyondAscii = false;
    this.members = 0;
    // Behind the text there is always a byte that is none of JSON's: the caller's line ends with one.
    if (bytes[from] !== OPEN_OBJECT || this.#object(from) !== to) return false;
    return !this.#beyondAscii || isUtf8(bytes.subarray(from, to));
  }

  /** The end of the object that begins at `from`; -1: not plain. */
  #object(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    let depth = 0;
    for (;;) {
      // A value begins at `at`.
      const first = bytes[at] as number;
      if (first === QUOTE) {
        at = this.#string(at + 1);
        if (at < 0) return -1;
      } else if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
        if (depth === DEEPEST) return -1;
        depth++;
        const isObject = first === OPEN_OBJECT;
        this.#isObject[depth] = isObject ? 1 : 0;
        this.#keyFrom[depth] = this.#keyTo[depth] = at;
        at++;
        if (bytes[at] !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          if (isObject) at = this.#key(at, depth);
          if (at < 0) return -1;
          continue;
        }
        // Empty: closed below, like any other.
      } else {
        at = first <= 0x39 ? this.#number(at) : this.#literal(at);
        if (at < 0) return -1;
      }
      // A value ended before `at`.
      for (;;) {
        const next = bytes[at] as number;
        if (next === COMMA) {
          at++;
          if (this.#isObject[depth] === 1) at = this.#key(at, depth);
          if (at < 0) return -1;
          break;
        }
        if (next !== (this.#isObject[depth] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) return -1;
        at++;
        depth--;
        if (depth === 0) {
          this.values[Math.min(this.members, MOST_MEMBERS)] = at;
          return at;
        }
      }
    }
  }

  /** Where the value of the key at `at` begins. */
  #key(at: number, depth: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return -1;
    const from = at + 1;
    let to = from;
    while (IN_STRING[bytes[to] as number] === 1) to++;
    if (bytes[to] !== QUOTE || bytes[to + 1] !== COLON) return -1;
    let before = this.#keyFrom[depth] as number;
    const beforeTo = this.#keyTo[depth] as number;
    this.#keyFrom[depth] = from;
    this.#keyTo[depth] = to;
    // No key yet, and an empty one, look the same here: one that may be the second empty one is not plain.
    if (before !== beforeTo) {
      let mine = from;
      while (before < beforeTo && mine < to && bytes[before] === bytes[mine]) {
        before++;
        mine++;
      }
      if (mine === to || (before < beforeTo && (bytes[before] as number) > (bytes[mine] as number)))
        return -1;
    } else if (from === to) return -1;
    if (depth === 1) {
      if (this.members < MOST_MEMBERS) {
        this.keys[this.members] = from;
        this.values[this.members] = to + 2;
      }
      this.members++;
    }
    return to + 2;
  }

  #string(from: number): number {
    const bytes = this.#bytes;
    let at = this.#skipPlain(from);
    for (;;) {
      while (IN_STRING[bytes[at] as number] === 1) at++;
      const byte = bytes[at] as number;
      if (byte === QUOTE) return at + 1;
      if (byte >= 0x80) {
        this.#beyondAscii = true;
        at++;
      } else if (byte === BACKSLASH && ESCAPED.has(bytes[at + 1] as number)) at += 2;
      else return -1;
    }
  }

  /**
   * Behind the words of four bytes at a time of which each stands for itself in a string; where one word has another,
   * a look at its bytes will tell. Subtracting from a byte below 0x80 sets its highest bit only where it was smaller.
   */
  #skipPlain(from: number): number {
    const words = this.#words;
    let at = from + this.#offset;
    while ((at & 3) !== 0) {
      if (IN_STRING[this.#bytes[at - this.#offset] as number] !== 1) return at - this.#offset;
      at++;
    }
    let i = at >> 2;
    for (; i < words.length; i++) {
      const word = words[i] as number;
      const odd = word | (word - 0x20202020) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES);
      if ((odd & HIGHEST_BITS) !== 0) break;
    }
    return (i << 2) - this.#offset;
  }

  #number(from: number): number {
    const bytes = this.#bytes;
    let at = bytes[from] === MINUS ? from + 1 : from;
    const digits = at;
    at = this.#digits(at);
    if (at === digits || (bytes[digits] === ZERO && at > digits + 1)) return -1;
    if (bytes[at] !== DOT) return at;
    const fraction = at + 1;
    at = this.#digits(fraction);
    return at === fraction ? -1 : at;
  }

  #digits(from: number): number {
    let at = from;
    while ((this.#bytes[at] as number) >= ZERO && (this.#bytes[at] as number) <= 0x39) at++;
    return at;
  }

  #literal(from: number): number {
    for (const word of LITERALS) {
      if (word.every((byte, i) => this.#bytes[from + i] === byte)) return from + word.length;
    }
    return -1;
  }
}
