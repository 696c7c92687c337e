/* global document, getComputedStyle, DOMParser, mermaid */
/* eslint @typescript-eslint/no-unused-vars: off */

/*
 * What runs in a page, and not in Node.js: `inPage` gives it to the browser as text.
 */

async function drawnLabels(text) {
    mermaid.initialize({ startOnLoad: false });
    const { svg } = await mermaid.render("drawn", text);
    const page = new DOMParser().parseFromString(svg, "text/html");
    return [...page.querySelectorAll(".nodeLabel")].map(({ textContent }) =>
        (textContent ?? "").replace("\u00a0", " "),
    );
}

/** Texts whose colour is too near to what is behind them. */
function poorContrasts(least) {
    const colour = (text) => {
        const [red, green, blue, alpha = 1] = (text.match(/[\d.]+/g) ?? ["0", "0", "0", "0"]).map(Number);
        return [red, green, blue, alpha];
    };
    const luminance = (all) => {
        const [red, green, blue] = all.slice(0, 3).map((part) => {
            const value = part / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element) => {
        const box = element.tagName === "text" ? element.parentElement?.querySelector(":scope > rect") : undefined;
        if (box) {
            return colour(getComputedStyle(box).fill);
        }
        for (let one = element; one; one = one.parentElement) {
            const own = colour(getComputedStyle(one).backgroundColor);
            if (own[3] === 1) {
                return own;
            }
        }
        return [255, 255, 255, 1];
    };
    const texts = [];
    let looked = 0;
    for (const element of document.querySelectorAll("body *:not(svg title)")) {
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
        if (!hasText) {
            continue;
        }
        looked += 1;
        const style = getComputedStyle(element);
        const front = luminance(colour(element.tagName === "text" ? style.fill : style.color));
        const back = luminance(behind(element));
        const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
        if (contrast < least) {
            texts.push(`${element.tagName} "${element.textContent}": ${contrast.toFixed(2)}`);
        }
    }
    return { looked, texts };
}

/** Boxes that lie over one another, texts that are longer than their box, and what makes the page wider than its window. */
function layoutFaults() {
    const faults = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
        faults.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
    }
    for (const element of document.querySelectorAll("body *:not(svg *, svg)")) {
        const { right, left } = element.getBoundingClientRect();
        if (right > width + 0.5 || left < -0.5) {
            faults.push(`${element.tagName} "${element.textContent?.slice(0, 40)}" reaches from ${left} to ${right}`);
        }
    }
    const isOver = (one, other) =>
        one.left < other.right - 0.5 &&
        other.left < one.right - 0.5 &&
        one.top < other.bottom - 0.5 &&
        other.top < one.bottom - 0.5;
    const checkApart = (selector) => {
        const all = [...document.querySelectorAll(selector)].map((element) => ({
            name: element.textContent?.slice(0, 40),
            box: element.getBoundingClientRect(),
        }));
        all.forEach(({ name, box }, index) =>
            all
                .slice(index + 1)
                .filter((other) => isOver(box, other.box))
                .forEach((other) => faults.push(`${selector}: "${name}" lies over "${other.name}"`)),
        );
    };
    ["header, main > *", "svg g rect", "svg text", ".count", ".legend span"].forEach(checkApart);
    for (const item of document.querySelectorAll("li")) {
        const parts = [...item.children].map((part) => part.getBoundingClientRect());
        if (parts.some((one, index) => parts.slice(index + 1).some((other) => isOver(one, other)))) {
            faults.push(`parts of "${item.textContent?.slice(0, 40)}" lie over one another`);
        }
    }
    for (const group of document.querySelectorAll("svg g")) {
        const text = group.querySelector("text").getBoundingClientRect();
        const box = group.querySelector("rect").getBoundingClientRect();
        if (text.left < box.left || text.right > box.right || text.top < box.top || text.bottom > box.bottom) {
            faults.push(`"${group.textContent}" is longer than its box`);
        }
    }
    const drawing = document.querySelector("svg")?.getBoundingClientRect();
    for (const box of document.querySelectorAll("svg rect, svg text")) {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        const isIn =
            drawing && left >= drawing.left && right <= drawing.right && top >= drawing.top && bottom <= drawing.bottom;
        if (!isIn) {
            faults.push("part of the diagram is outside of its drawing");
        }
    }
    return faults;
}

/** Texts of the elements. */
function textsOf(selector) {
    return [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
}

/** Each mark with its words for those who do not see it. */
function marks() {
    return [...document.querySelectorAll("li i")].map((mark) => [mark.textContent, mark.ariaLabel]);
}
