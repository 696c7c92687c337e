import { readFileSync } from "node:fs";
import { Config } from "@pulumi/pulumi";
import { LocalSettings } from "../../lab/proof/program";
import { certificateProgram } from "../../test/support/certificateStack";

/** The file with the cluster's settings, in the folder of the stack's project. */
export const SETTINGS_FILE = "settings.json";

/** The program that is killed: a gateway, a server, and a chain of certificates whose keys `rotation` renews. */
export function program(): Promise<Record<string, unknown> | void> {
    const settings = JSON.parse(readFileSync(SETTINGS_FILE, "utf8")) as LocalSettings;
    const rotationTrigger = new Config("killed").get("rotation");
    return certificateProgram(settings, () => ({ chain: { rotationTrigger } }))();
}
