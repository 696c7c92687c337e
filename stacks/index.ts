import { chartFolders } from "./chartFolders";
import { readConfig } from "./config";
import { deployEnvironment } from "./environment";
import { stackOutputs } from "./outputs";

export = stackOutputs(deployEnvironment(chartFolders(readConfig())));
