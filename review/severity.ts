/**
 * How grave a finding is: `mandatory` where calls leave unprotected, go past the gateway, or cannot work; `advisory` where it
 * depends on what the set does not show.
 */
export type Severity = "mandatory" | "advisory";
