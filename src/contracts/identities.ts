/**
 * How the API calls itself to Temporal. A caller chooses its own identity, so this tells whom nobody disguised;
 * who is behind a disguise only a server-computed principal or a signature tells.
 */
export const API_IDENTITY = 'airworthy-api';
