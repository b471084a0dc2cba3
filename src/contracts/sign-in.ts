import { z } from 'zod';

/** RFC 9728: where tokens for this API come from. Client ids are no part of it, so ours has a name of its own. */
export const signInAnswer = z
  .object({
    resource: z.string().meta({ description: 'The audience that tokens have to be for.' }),
    authorization_servers: z
      .array(z.string())
      .meta({ description: 'Issuers; none in development, where POST /v1/dev/token gives tokens.' }),
    bearer_methods_supported: z.array(z.string()),
    airworthy_client_id: z
      .string()
      .exactOptional()
      .meta({ description: 'Client id of the command line at the first issuer.' }),
  })
  .meta({ id: 'SignIn', description: 'RFC 9728 protected resource metadata.' });
export type SignInAnswer = z.output<typeof signInAnswer>;
