"use strict";

Redoc.init("../", { hideDownloadButton: false, nativeScrollbars: true }, document.getElementById("api"));
