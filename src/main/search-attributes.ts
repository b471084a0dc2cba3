import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { reason } from '../adapters/system-error.js';
import { searchAttributes } from '../contracts/search-attributes.js';
import { OperatorError } from './operator-error.js';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/**
 * Registers the search attributes that a namespace does not have yet, and waits until they are listed. Repeating
 * it changes nothing. Throws OperatorError when the server refuses or has one of another type.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const wanted = Object.entries(searchAttributes).map(
    ([name, type]) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]] as const,
  );
  const present = await listed(connection, namespace);
  const clash = wanted.find(([name, type]) => (present[name] ?? type) !== type);
  if (clash !== undefined) {
    throw new OperatorError(
      `Search attribute ${clash[0]} exists in namespace ${namespace} with another type: remove it there first.`,
    );
  }
  const missing = wanted.filter(([name]) => present[name] === undefined);
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing),
    });
  } catch (error) {
    throw new OperatorError(
      `The Temporal server does not accept the search attributes (${reason(error)}). Have somebody with the right ` +
        `to do so register them in namespace ${namespace}: ${missing.map(([name]) => name).join(', ')}.`,
    );
  }
  while (!(await allListed(connection, namespace, missing))) await sleep(100);
}

async function allListed(
  connection: Connection,
  namespace: string,
  wanted: readonly (readonly [string, number])[],
) {
  const present = await listed(connection, namespace);
  return wanted.every(([name]) => present[name] !== undefined);
}

async function listed(connection: Connection, namespace: string) {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return customAttributes;
}
