require("inner-missing");
