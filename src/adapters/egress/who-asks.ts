/** The header that says who asks; none where nobody has to say so. */
export async function whoAsks(
  bearer: (() => Promise<string>) | undefined,
): Promise<{ readonly authorization?: string }> {
  return bearer ? { authorization: `Bearer ${await bearer()}` } : {};
}
