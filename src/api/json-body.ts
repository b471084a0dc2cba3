/** Bodies: bounded, valid UTF-8, JSON without tricks. Everything here is decided before any form looks at it. */
import express, { type Request, type RequestHandler } from 'express';
import type { Json } from '../domain/json.js';
import { Problem } from './problem.js';

const KIB = 1_024;
export const BODY_LIMIT = 256 * KIB;
/** A mebibyte of content and what surrounds it. */
export const EVIDENCE_LIMIT = 1_024 * KIB + 64 * KIB;
const MAX_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Reads a body of up to `limit` bytes; `jsonBody` gives its value. */
export function readBody(limit: number): RequestHandler {
  const raw = express.raw({ type: () => true, limit, inflate: false });
  return (request, response, next) => {
    if (!isJson(request)) throw unsupported();
    raw(request, response, next);
  };
}

/** The body's value; throws `Problem` for anything that is not plain JSON. An absent body is an empty object. */
export function jsonBody(request: Request): Json {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return {};
  const value = parse(decode(bytes));
  refuseTricks(value);
  return value;
}

function isJson(request: Request): boolean {
  const type = request.headers['content-type'];
  return type === undefined || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}

function unsupported(): Problem {
  return new Problem('unsupported-media-type', 'send the body as application/json, not compressed');
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Problem('malformed-json', 'the body is not valid UTF-8; encode it as UTF-8', { cause });
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const where = cause instanceof Error ? cause.message : 'it cannot be parsed';
    throw new Problem('malformed-json', `the body is not JSON: ${where}`, { cause });
  }
}

/** Level by level and without recursion: depth is what an attacker chooses. */
function refuseTricks(value: Json): void {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new Problem('invalid-body', `the body is nested more than ${MAX_DEPTH} levels deep; flatten it`);
    }
    level = level.flatMap(within);
  }
}

function within(value: Json): readonly Json[] {
  if (typeof value === 'string') refuseBrokenText(value);
  if (typeof value !== 'object' || value === null) return [];
  if (isList(value)) return value;
  for (const key of Object.keys(value)) {
    if (key === '__proto__')
      throw new Problem('invalid-body', 'a field cannot be named __proto__; rename it');
    refuseBrokenText(key);
  }
  return Object.values(value);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** A lone surrogate has no UTF-8 form, so no digest. */
function refuseBrokenText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw new Problem('invalid-body', 'a text contains half of a surrogate pair; encode it as UTF-8');
  }
}
