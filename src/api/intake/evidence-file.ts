import type { Request } from 'express';
import { bodyOfFile, evidenceFileQuery } from '../../contracts/bodies/evidence.js';
import type { CommandName } from '../../domain/commands/payloads.js';
import type { Json } from '../../domain/json.js';
import { jsonBody } from '../json-body.js';
import { parseQuery } from '../parse-query.js';

/** What a request asks for: its body, or for evidence also a tool's file with the rest in its address. */
export function writtenBody(name: CommandName, request: Request): Json {
  const sent = jsonBody(request);
  if (name !== 'add-evidence' || Object.keys(request.query).length === 0) return sent;
  return bodyOfFile(parseQuery(evidenceFileQuery, request), sent);
}
