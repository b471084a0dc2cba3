import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** In words, the process that listens on a port of this machine, as far as this user may see it. */
export function portHolder(port: number): string {
  const inodes = listeningInodes(port);
  const pid = inodes.size === 0 ? undefined : processes().find((candidate) => holdsOne(candidate, inodes));
  if (pid === undefined) return `another program (find it with: lsof -i :${port})`;
  const command = readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 120);
  return `process ${pid} (${command})`;
}

function listeningInodes(port: number): ReadonlySet<string> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readOrEmpty(file).split('\n'));
  const listening = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hexPort}`));
  return new Set(listening.map((fields) => `socket:[${fields[9]}]`));
}

function processes(): string[] {
  return namesIn('/proc').filter((name) => /^\d+$/.test(name));
}

function holdsOne(pid: string, inodes: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).some((fd) => {
    try {
      return inodes.has(readlinkSync(`${folder}/${fd}`));
    } catch {
      return false;
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
