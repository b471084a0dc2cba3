import { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { AddressRefused, type Channel, ChannelUnavailable } from '../../ports/channel.js';
import type { Egress, Pinned } from '../egress/egress.js';
import { type LinkOf, subjectOf, textOf } from './content.js';
import { unsent } from './over-http.js';

export interface EmailOptions {
  readonly egress: Egress;
  readonly linkOf: LinkOf;
  /** Of the relay: `smtp://user:password@host:587`, which upgrades to TLS, or `smtps://…:465`, which begins with it. */
  readonly relay: URL;
  /** Who it comes from: an address, or a name with one. */
  readonly from: string;
}

const TIMEOUT_MS = 15_000;

/** Sends plain text over a relay, under a Message-ID that is the same for the same message. */
export function createEmailChannel({ egress, linkOf, relay, from }: EmailOptions): Channel {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  const secure = relay.protocol === 'smtps:';
  const port = relay.port === '' ? (secure ? 465 : 587) : Number(relay.port);

  return {
    async send(message, address, signal) {
      signal.throwIfAborted();
      const pinned = await egress.pin(relay.hostname, port).catch((error: unknown) => {
        throw unsent(error);
      });
      const socket = new Socket();
      const transport = createTransport({ ...connectionTo(pinned, secure), ...login(relay), socket });
      const stop = () => void socket.destroy();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await transport.sendMail({
          from,
          to: { name: '', address },
          subject: subjectOf(message),
          text: textOf(message, linkOf),
          messageId: `<${encodeURIComponent(message.key)}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (error) {
        signal.throwIfAborted();
        throw failed(error);
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
        socket.destroy();
      }
    },
  };
}

function connectionTo({ host, port, address, inside }: Pinned, secure: boolean) {
  return {
    host: address,
    port,
    secure,
    servername: host,
    tls: { servername: host },
    requireTLS: !secure && !inside,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  };
}

function login({ username, password }: URL) {
  if (username === '') return {};
  return { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
}

/** In words of our own: what a relay answers quotes the address. */
function failed(error: unknown): AddressRefused | ChannelUnavailable {
  const { code, responseCode } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly code?: unknown;
    readonly responseCode?: unknown;
  };
  const status = typeof responseCode === 'number' ? responseCode : null;
  if (code === 'EENVELOPE' && status !== null && status >= 500)
    return new AddressRefused(`the relay answered ${status} to the recipient`);
  return status === null ? unsent(error) : new ChannelUnavailable(`the relay answered ${status}`);
}
