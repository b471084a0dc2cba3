/** For an option that may be given several times: gathers what each of them says. */
export function again(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
