/** The settings of what proves that commands come from the API: part of `environment.ts`. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { keysOfFile, keysOfFolder, keysOfText } from '../ledger/anchors/private-keys.js';
import type { KeySources } from '../signing/key-ring.js';
import { fileOf, folderOf, type TextSource, textOf } from '../signing/sources.js';

const file = () =>
  z
    .string()
    .transform((value) => resolve(value))
    .optional();

/** One row a setting, as in `environment.ts`. */
export const signingShape = {
  AIRWORTHY_ROOT_KEYS: z
    .string()
    .optional()
    .describe('public Ed25519 root keys that lifecycles believe, PEM; absent: those of a file'),
  AIRWORTHY_ROOT_KEYS_FILE: file().describe(
    'a file of such keys; absent: keys/roots/roots.pem in AIRWORTHY_HOME',
  ),
  AIRWORTHY_COMMAND_KEY: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe('private Ed25519 keys that sign commands, PEM; absent: those of a file'),
  AIRWORTHY_COMMAND_KEY_FILE: file().describe(
    'a file of such keys; absent: the folder keys/commands in AIRWORTHY_HOME',
  ),
  AIRWORTHY_COMMAND_CERTIFICATES: z
    .string()
    .optional()
    .describe('what root keys certify of those keys, as airworthy keys certify prints it'),
  AIRWORTHY_COMMAND_CERTIFICATES_FILE: file().describe(
    'a file of it; absent: the *.cert files of the folder keys/commands',
  ),
};

type Read = z.output<z.ZodObject<typeof signingShape>>;

/** Where the keys are that sign commands, and the root keys that certify them. */
export type SigningSettings = ReturnType<typeof signingSettingsOf>;

export function signingSettingsOf(read: Read) {
  return {
    rootKeys: read.AIRWORTHY_ROOT_KEYS,
    rootKeysFile: read.AIRWORTHY_ROOT_KEYS_FILE,
    commandKey: read.AIRWORTHY_COMMAND_KEY,
    commandKeyFile: read.AIRWORTHY_COMMAND_KEY_FILE,
    certificates: read.AIRWORTHY_COMMAND_CERTIFICATES,
    certificatesFile: read.AIRWORTHY_COMMAND_CERTIFICATES_FILE,
  };
}

/** Folder of the keys that sign commands and of their certificates, where nothing else is said. */
export const commandFolder = (home: string): string => join(home, 'keys', 'commands');
/** File of the root keys, where nothing else is said. */
export const rootFile = (home: string): string => join(home, 'keys', 'roots', 'roots.pem');

/** Where the root keys are read. */
export function rootsSource({ rootKeys, rootKeysFile }: SigningSettings, home: string): TextSource {
  if (rootKeys !== undefined) return textOf(rootKeys);
  return rootKeysFile === undefined ? fileOf(rootFile(home), true) : fileOf(rootKeysFile);
}

/** Where everything is read that signing takes. */
export function keySources(settings: SigningSettings, home: string): KeySources {
  return {
    keys: commandKeys(settings, home),
    certificates: certificates(settings, home),
    roots: rootsSource(settings, home),
  };
}

function commandKeys({ commandKey, commandKeyFile }: SigningSettings, home: string): KeySources['keys'] {
  if (commandKey !== undefined) return keysOfText(commandKey, 'AIRWORTHY_COMMAND_KEY');
  return commandKeyFile === undefined ? keysOfFolder(commandFolder(home)) : keysOfFile(commandKeyFile);
}

function certificates(settings: SigningSettings, home: string): TextSource {
  if (settings.certificates !== undefined) return textOf(settings.certificates);
  const { certificatesFile } = settings;
  return certificatesFile === undefined ? folderOf(commandFolder(home), '.cert') : fileOf(certificatesFile);
}
