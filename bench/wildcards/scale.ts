/** Hosts that are called. */
export const HOSTS = 1000;

/** Partners that they belong to, with a wildcard each. */
export const PARTNERS = 100;

/** Name of the alternative in the figures. */
export const EXACT = "exact hosts";
