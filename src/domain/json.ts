/**
 * A value that JSON carries without loss: documents, ledger data and the state are made of it. Shapes that
 * must be assignable to it are written as type aliases, because an interface never is.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
