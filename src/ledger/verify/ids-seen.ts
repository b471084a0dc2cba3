import { hash } from 'node:crypto';

/** Words of a fingerprint: 128 bits, so that two ids do not meet by chance. */
const WORDS = 4;

/** A set of texts in 32 to 64 bytes each: a Set of them takes several times as much. */
export class IdsSeen {
  #slots = new Uint32Array(WORDS * 1024);
  #size = 0;

  /** Whether the id was new. */
  add(id: string): boolean {
    const digest = hash('sha256', id, 'buffer');
    const print = new Uint32Array(digest.buffer.slice(digest.byteOffset, digest.byteOffset + WORDS * 4));
    // All zero means an empty slot.
    print[0] = (print[0] as number) | 1;
    if (!this.#place(print)) return false;
    this.#size++;
    if (this.#size * WORDS * 2 > this.#slots.length) this.#grow();
    return true;
  }

  #place(print: Uint32Array): boolean {
    const slots = this.#slots;
    const last = slots.length / WORDS - 1;
    for (let slot = (print[1] as number) & last; ; slot = (slot + 1) & last) {
      const at = slot * WORDS;
      if (slots[at] === 0) {
        slots.set(print, at);
        return true;
      }
      if (print.every((word, i) => slots[at + i] === word)) return false;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at] !== 0) this.#place(old.subarray(at, at + WORDS));
    }
  }
}
