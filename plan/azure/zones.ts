/** Availability zones of a region that has them, where `zones` is left out. */
export const AVAILABILITY_ZONES = ["1", "2", "3"];
