/** A name of a variable made of the name of an object: `api-partner` becomes `apiPartnerCredential`. */
export function identifier(name: string, suffix: string): string {
    const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const camel = words.map((word, index) => (index === 0 ? word : word[0].toUpperCase() + word.slice(1))).join("");
    // `a-b` and `a.b` would be one variable.
    const mark = name.includes(".") ? "_" : "";
    return `${/^\d/.test(camel) ? "_" : ""}${camel}${mark}${suffix}`;
}
