/** Where people are told, on loopback: a mail server and a receiver of webhooks, that can be down, hang, or lose their answers. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What a service does with the next messages. */
type Mood = 'takes' | 'fails' | 'hangs' | 'loses-answer' | 'refuses' | 'redirects' | 'asks-for-patience';

interface Received {
  /** The key that its receiver knows it by. */
  readonly key: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface MessageService {
  readonly port: number;
  /** Everything that it took, whether or not its sender came to know. */
  readonly received: Received[];
  /** How often somebody called. */
  calls: number;
  mood: Mood;
  /** Nobody listens any more, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

interface Listening {
  readonly server: Server;
  listen(port: number, host: string): unknown;
  close(): void;
}

/** The parts that both have: sockets to cut, and a port that stays the same over an outage. */
async function listening(make: (sockets: Set<Socket>) => Listening) {
  const sockets = new Set<Socket>();
  let port = 0;
  let running: ReturnType<typeof make> | null = null;
  const up = async () => {
    running = make(sockets);
    const { server } = running;
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    running.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const down = async () => {
    if (running === null) return;
    const { server } = running;
    const closed = once(server, 'close');
    running.close();
    for (const socket of sockets) socket.destroy();
    running = null;
    await closed;
  };
  await up();
  return { port: () => port, up, down, sockets };
}

const STATUS: { readonly [M in Mood]: number } = {
  takes: 204,
  fails: 500,
  hangs: 0,
  'loses-answer': 0,
  refuses: 410,
  redirects: 302,
  'asks-for-patience': 429,
};

/** A receiver of webhooks; `redirectTo` is where a redirect leads. */
export async function startWebhookService(redirectTo = '/elsewhere'): Promise<MessageService> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    service.calls++;
    const { mood } = service;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (mood === 'hangs') return;
    if (mood === 'takes' || mood === 'loses-answer') {
      const headers = request.headers as Record<string, string>;
      const key = headers['webhook-id'] ?? headers['idempotency-key'] ?? '';
      service.received.push({ key, headers, body: Buffer.concat(chunks).toString('utf8') });
    }
    if (mood === 'loses-answer') return void request.socket.destroy();
    const patience = mood === 'asks-for-patience' ? { 'retry-after': '7' } : {};
    response.writeHead(STATUS[mood], { location: redirectTo, ...patience }).end();
  };
  const at = await listening(() => {
    const server = createServer((request, response) => void answer(request, response).catch(() => undefined));
    return {
      server,
      listen: (port, host) => server.listen(port, host),
      close: () => server.close(),
    };
  });
  const service: MessageService = {
    get port() {
      return at.port();
    },
    received: [],
    calls: 0,
    mood: 'takes',
    up: at.up,
    down: at.down,
    close: at.down,
  };
  return service;
}

/** A mail server that takes everything for everybody, without encryption, as on loopback. */
export async function startMailService(): Promise<MessageService> {
  const at = await listening((sockets) => {
    const server: SMTPServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      closeTimeout: 10,
      onRcptTo(_address, _session, done) {
        service.calls++;
        done(
          service.mood === 'refuses'
            ? Object.assign(new Error('no such user <gita@bank.example>'), { responseCode: 550 })
            : null,
        );
      },
      onData(stream, _session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mood } = service;
          if (mood === 'hangs') return;
          if (mood === 'fails') return done(Object.assign(new Error('try later'), { responseCode: 451 }));
          const body = Buffer.concat(chunks).toString('utf8');
          const headers = headersOf(body);
          service.received.push({ key: headers['message-id'] ?? '', headers, body });
          if (mood === 'loses-answer') for (const socket of sockets) socket.destroy();
          else done();
        });
      },
    });
    server.on('error', () => undefined);
    return {
      server: server.server,
      listen: (port, host) => server.listen(port, host),
      close: () => server.close(),
    };
  });
  const service: MessageService = {
    get port() {
      return at.port();
    },
    received: [],
    calls: 0,
    mood: 'takes',
    up: at.up,
    down: at.down,
    close: at.down,
  };
  return service;
}

function headersOf(mail: string): Record<string, string> {
  const [head = ''] = mail.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
