import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { systemCode } from '../../adapters/system-error.js';
import { OperatorError } from '../operator-error.js';
import { portHolder } from './port-holder.js';

/** A port that something of ours will listen on: 0 for any, what for, and the variable that changes it. */
export interface WantedPort {
  port: number;
  purpose: string;
  variable: string;
}

/**
 * Checks that the wanted ports are free on 127.0.0.1 and chooses one for each 0, all different.
 * Throws OperatorError naming each port in use, who holds it, and the variable to change.
 */
export async function choosePorts<Name extends string>(
  wanted: Record<Name, WantedPort>,
): Promise<Record<Name, number>> {
  const names = Object.keys(wanted) as Name[];
  const servers = await Promise.all(names.map((name) => listen(wanted[name].port)));
  // All held until all are chosen, or two zeros could become the same port.
  const ports = servers.map((server) => (server?.address() as AddressInfo | undefined)?.port);
  await Promise.all(servers.map(async (server) => server && close(server)));
  const complaints = names.filter((_, i) => ports[i] === undefined).map((name) => inUse(wanted[name]));
  if (complaints.length > 0) throw new OperatorError(complaints.join('\n'));
  return Object.fromEntries(names.map((name, i) => [name, ports[i]])) as Record<Name, number>;
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EADDRINUSE') return undefined;
    throw code === 'EACCES'
      ? new OperatorError(`Port ${port} may not be used by this user; take one above 1023.`)
      : error;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function inUse({ port, purpose, variable }: WantedPort): string {
  return (
    `Port ${port}, wanted for ${purpose}, is in use by ${portHolder(port)}. ` +
    `Stop that program, or set ${variable} to another port (0 takes a free one).`
  );
}
