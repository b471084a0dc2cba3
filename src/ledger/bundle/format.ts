/** The lines of a bundle; docs/reference/ledger-format.md says the same in words. */
import { z } from 'zod';
import { CHECKPOINT_FORMAT } from '../verify/checkpoint.js';

export const BUNDLE_FORMAT = 'airworthy-bundle/1';

/** Most bytes of a line without its newline: the largest document is far below. */
export const LONGEST_LINE = 8 * 1024 * 1024;

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 hex digits');
const count = z.int().min(0);
const number = z.int().min(1);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is no digest');
const base64 = (bytes: number) =>
  z.base64().refine((text) => Buffer.byteLength(text, 'base64') === bytes, `is not ${bytes} bytes in base64`);

export const checkpointForm = z.strictObject({
  at: z.int(),
  chains: count,
  entries: count,
  format: z.literal(CHECKPOINT_FORMAT),
  number,
  previous: hex.nullable(),
  root: hex,
});

export const signaturesForm = z.array(z.strictObject({ key: z.string(), signature: base64(64) })).min(1);

/** Every kind of line but the entries, which are arrays, by its `type`. */
export const LINE_FORMS = {
  header: z.strictObject({
    type: z.literal('header'),
    format: z.string(),
    exportedAt: z.int(),
    /** Key of the only lifecycle in it; null: all chains. */
    lifecycle: z.string().nullable(),
  }),
  key: z.strictObject({
    type: z.literal('key'),
    id: z.string(),
    algorithm: z.literal('Ed25519'),
    publicKey: base64(32),
    /** When it signs: milliseconds since 1970; `until` is null while no end is set. */
    from: z.int(),
    until: z.int().nullable(),
  }),
  checkpoint: z.strictObject({
    type: z.literal('checkpoint'),
    checkpoint: checkpointForm,
    signatures: signaturesForm,
  }),
  /** `entries` and `hash`: where the ledger says that the chain ends. */
  chain: z.strictObject({ type: z.literal('chain'), chain: z.string().min(1), entries: count, hash: hex }),
  /** The chain's leaf in the checkpoint `from` and all that follow, until another leaf line. */
  leaf: z.strictObject({ type: z.literal('leaf'), from: number, position: number, hash: hex }),
  /** In place of leaves where the other chains are not here: the way from the leaf to a checkpoint's root. */
  proof: z.strictObject({
    type: z.literal('proof'),
    checkpoint: number,
    position: number,
    hash: hex,
    index: count,
    path: z.array(hex).max(64),
  }),
  document: z.union([
    z.strictObject({ type: z.literal('document'), digest, document: z.unknown() }),
    z.strictObject({
      type: z.literal('document'),
      digest,
      ciphertext: z.base64(),
      nonce: z.base64(),
      subject: z.string(),
    }),
  ]),
  /** `lines`: how many come before it. */
  end: z.strictObject({ type: z.literal('end'), lines: count }),
} as const;

export type LineType = keyof typeof LINE_FORMS;
export type LineOf<T extends LineType> = z.output<(typeof LINE_FORMS)[T]>;
export type Line = { [T in LineType]: LineOf<T> }[LineType];
