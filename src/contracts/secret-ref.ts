import { z } from 'zod';

/**
 * Where a secret is that a file of settings speaks of: a variable of the process, or a file with nothing else in it. It
 * is never written into the file itself, which people read and keep in version control.
 */
export const secretRef = z.union(
  [
    z.strictObject({
      env: z.string().regex(/^(?!AIRWORTHY_)[A-Za-z_][A-Za-z0-9_]*$/, {
        error: 'name a variable that does not begin with AIRWORTHY_, such as MLFLOW_TOKEN',
      }),
    }),
    z.strictObject({ file: z.string().min(1) }),
  ],
  { error: 'say where the secret is: {env: NAME} or {file: path}' },
);

export type SecretRef = z.infer<typeof secretRef>;
