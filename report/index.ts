import { EngineEvent } from "@pulumi/pulumi/automation";
import { htmlPage } from "./html";
import { MarkdownOptions, markdownPage } from "./markdown";
import { PreviewError } from "./previewError";
import { ReportOptions, reportOf } from "./report";
import { stepsOfEvents, stepsOfPreview } from "./steps";

export { PreviewError };
export type { MarkdownOptions, ReportOptions };

export interface Pages {
    /** For a pull request comment, cut to its size. */
    markdown: string;
    /** All of it. */
    html: string;
}

/** Both pages of a preview: the events of the Automation API, or the text of `pulumi preview --json`. No secret is in them. */
export function previewReport(preview: EngineEvent[] | string, options: ReportOptions & MarkdownOptions): Pages {
    const report = reportOf(typeof preview === "string" ? stepsOfPreview(preview) : stepsOfEvents(preview), options);
    return { markdown: markdownPage(report, options), html: htmlPage(report) };
}
