import { readFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer, { Browser, Page } from "puppeteer-core";
import { machine } from "./machine";

const checks = join(__dirname, "pageChecks.mjs");

/** A Chromium without windows, or skips the tests of the suite that asks. */
export async function browser(context: Mocha.Context): Promise<Browser> {
    const { path } = await machine.tool(context, "chromium");
    return openBrowser(path);
}

/** As root, as in most containers, Chromium's own sandbox does not start; it sees our own pages only. */
export function openBrowser(executablePath: string): Promise<Browser> {
    return puppeteer.launch({ executablePath, args: ["--no-sandbox", "--hide-scrollbars"] });
}

/** Calls a function of `pageChecks.mjs` in the page. */
export function inPage(page: Page, name: string, ...args: (string | number)[]): Promise<unknown> {
    const call = `${name}(${args.map((one) => JSON.stringify(one)).join(", ")})`;
    return page.evaluate(`(() => { ${readFileSync(checks, "utf8")}\nreturn ${call}; })()`);
}
