import { type LogLevel, Runtime, type Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS: { readonly [L in LogLevel]: 'trace' | 'debug' | 'info' | 'warn' | 'error' } = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** Sends what the SDK and workflows log to the process's own log. Once, before any worker or connection. */
export function installWorkerLog(log: Logger): void {
  const write = (level: LogLevel) => (message: string, meta?: object) =>
    log[LEVELS[level]](meta ?? {}, message);
  const logger: TemporalLogger = {
    log: (level, message, meta) => write(level)(message, meta),
    trace: write('TRACE'),
    debug: write('DEBUG'),
    info: write('INFO'),
    warn: write('WARN'),
    error: write('ERROR'),
  };
  Runtime.install({ logger, shutdownSignals: [] });
}
