/** A response with a JSON body. */
export const jsonAnswer = <S>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
});
