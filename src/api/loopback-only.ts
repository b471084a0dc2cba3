import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

const ADDRESSES: readonly (string | undefined)[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
const NAMES: readonly (string | undefined)[] = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Without proof of identity only this machine may call. The name counts too: a page from elsewhere that has
 * its own name resolve to this machine would otherwise be let in.
 */
export const loopbackOnly: RequestHandler = (request, _response, next) => {
  const [name] = /^(\[[^\]]*\]|[^:]*)/.exec(request.headers.host ?? '') ?? [];
  if (!ADDRESSES.includes(request.socket.remoteAddress) || !NAMES.includes(name?.toLowerCase())) {
    throw new Problem(
      'not-permitted',
      'in development only this machine is served; call 127.0.0.1 or localhost',
    );
  }
  next();
};
