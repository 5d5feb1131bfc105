/** The year that pages of prices begin with. */
export const thisYear = () => new Date().getFullYear();
