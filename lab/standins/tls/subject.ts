import { type JsonNameParams, Name } from "@peculiar/x509";
import { isProperties, type Value } from "../shared/values";

/** In the order in which Go, and so the official plugin, writes the parts of a name. */
const parts: [property: string, attribute: string][] = [
    ["country", "2.5.4.6"],
    ["organization", "2.5.4.10"],
    ["organizationalUnit", "2.5.4.11"],
    ["locality", "2.5.4.7"],
    ["province", "2.5.4.8"],
    ["streetAddresses", "2.5.4.9"],
    ["postalCode", "2.5.4.17"],
    ["commonName", "2.5.4.3"],
    ["serialNumber", "2.5.4.5"],
    ["emailAddress", "1.2.840.113549.1.9.1"],
];
// Country and serial number are PrintableString, and an e-mail address IA5String, by definition; the rest is UTF-8.
const printable = new Set(["2.5.4.6", "2.5.4.5"]);

/** The distinguished name for a `subject` argument. */
export function distinguishedName(subject: Value | undefined): Name {
    if (!isProperties(subject)) {
        return new Name([]);
    }
    const attributes: JsonNameParams = parts.flatMap(([property, attribute]) => {
        const value = subject[property];
        const texts = (Array.isArray(value) ? value : [value]).filter(
            (item) => typeof item === "string" && item !== "",
        );
        const values = (texts as string[]).map((item) => {
            if (printable.has(attribute)) {
                return { printableString: item };
            }
            return attribute.startsWith("1.2.840") ? { ia5String: item } : { utf8String: item };
        });
        return values.length > 0 ? [{ [attribute]: values }] : [];
    });
    return new Name(attributes);
}
