/** Something that the listener asked for and that cannot be done; the message says why, in the listener's language. */
export class Refused extends Error {}
