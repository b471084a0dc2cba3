/** Items of a page where the caller does not say. */
export const PAGE = 50;
