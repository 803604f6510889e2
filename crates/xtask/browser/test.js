// Opens pages of `ecrane report` in Chromium, and checks what a person can do with them.
//
// ECRANE_PAGES is a folder with the pages. Screenshots are written beside them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const folder = process.env.ECRANE_PAGES;
const pages = readdirSync(folder).filter((file) => file.endsWith(".html")).map((file) => file.slice(0, -5));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// A4 with the margins of a browser, at 96 dots per inch.
const PAPER = { width: 718, height: 1047 };

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // It looks for updates otherwise.
    args: ["--disable-background-networking", "--disable-component-update", "--disable-quic", "--disable-sync"],
  });
});

after(() => browser.close());

// Opens a page, and fails if it says something on the console or asks for something.
const open = async (name, options, use) => {
  const said = [];
  const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const url = pathToFileURL(`${folder}/${name}.html`).href;
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) said.push(`request: ${request.url()}`);
  });
  try {
    await page.goto(url);
    await use(page);
    assert.deepEqual(said, []);
  } finally {
    await context.close();
  }
};

const shown = (page) => page.locator("#repositories-table tbody tr:visible").count();
const names = (page) => page.locator("#repositories-table tbody tr:visible th").evaluateAll(
  (heads) => heads.map((head) => head.firstChild.textContent),
);

const links = async (page) => {
  const lost = await page.locator("a").evaluateAll((all) => all
    .map((link) => link.getAttribute("href"))
    .filter((href) => !href.startsWith("#") || !document.getElementById(href.slice(1))));
  assert.deepEqual(lost, []);
  const ids = await page.locator("[id]").evaluateAll((all) => all.map((it) => it.id));
  assert.equal(new Set(ids).size, ids.length, "an id occurs twice");
};

const print = async (page) => {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: "print" });
  const cut = await page.locator("body *").evaluateAll((all) => all
    .filter((it) => it.getClientRects().length)
    .filter((it) => it.getBoundingClientRect().right > innerWidth + 1
      || (["hidden", "clip", "scroll", "auto"].includes(getComputedStyle(it).overflowX) && it.scrollWidth > it.clientWidth))
    .map((it) => `${it.outerHTML.slice(0, 80)}`));
  assert.deepEqual(cut.slice(0, 3), []);
  // 8 points are 10.67 pixels.
  const small = await page.locator("body *").evaluateAll((all) => all
    .filter((it) => it.checkVisibility() && !it.closest("svg") && it.textContent.trim())
    .filter((it) => parseFloat(getComputedStyle(it).fontSize) < 10.6)
    .map((it) => `${getComputedStyle(it).fontSize}: ${it.outerHTML.slice(0, 80)}`));
  assert.deepEqual(small.slice(0, 3), []);
};

const fits = async (page) => {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `the page is ${wider} pixels wider than the window`);
};

for (const name of pages) {
  test(`${name}: it fits a screen and paper, its links lead somewhere, and it needs no script`, async () => {
    await open(name, {}, async (page) => {
      await fits(page);
      await page.setViewportSize(PHONE);
      await fits(page);
      await links(page);
      await print(page);
    });
    await open(name, { javaScriptEnabled: false }, async (page) => {
      assert.equal(await shown(page), await page.locator("#repositories-table tbody tr").count());
      assert.ok(!await page.locator(".tools").isVisible());
    });
  });
}

// What the pages of the examples have is on these, too.
for (const name of ["timeline", "hostile", "registry"]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [device, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
      test(`${name}, ${colorScheme}, ${device}: axe finds nothing`, async () => {
        await open(name, { colorScheme, viewport }, async (page) => {
          await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${device}.png`, fullPage: true });
          await page.evaluate(axe);
          const { violations, passes } = await page.evaluate(() => axe.run());
          const told = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join("\n")}`);
          assert.deepEqual(told, []);
          assert.ok(passes.some(({ id }) => id === "color-contrast"));
        });
      });
    }
  }
}

test("search finds", async () => {
  await open("timeline", {}, async (page) => {
    const all = await names(page);
    await page.getByLabel("Search", { exact: true }).fill("WEB shop");
    assert.deepEqual(await names(page), all.filter((name) => name === "shop/web"));
    assert.match(await page.getByRole("status").textContent(), /^1 of \d+ found$/);
    await page.getByLabel("Search", { exact: true }).fill("no such repository");
    assert.equal(await shown(page), 0);
    await page.getByRole("button", { name: "Show all" }).click();
    assert.deepEqual(await names(page), all);
  });
});

test("sort sorts, both ways, by text and by number", async () => {
  await open("timeline", {}, async (page) => {
    const all = await names(page);
    const order = new Intl.Collator("en", { numeric: true });
    const sorted = [...all].sort(order.compare);
    assert.notDeepEqual(all, sorted, "the test needs a config that is not sorted");
    const head = page.getByRole("columnheader", { name: "Repository" });
    await head.getByRole("button").click();
    assert.deepEqual(await names(page), sorted);
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
    await head.getByRole("button").press("Enter");
    assert.deepEqual(await names(page), sorted.reverse());
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    const push = page.getByRole("columnheader", { name: "May push" });
    await push.getByRole("button").click();
    assert.equal(await head.getAttribute("aria-sort"), null);
    const counts = await page.locator("#repositories-table tbody tr td:nth-child(6)").evaluateAll(
      (cells) => cells.map((cell) => cell.querySelectorAll("a").length),
    );
    assert.deepEqual(counts, [...counts].sort((one, other) => one - other));
    assert.ok(new Set(counts).size > 1);
  });
});

test("filters choose, alone and together", async () => {
  await open("timeline", {}, async (page) => {
    await page.getByLabel("Principal", { exact: true }).selectOption({ label: "web" });
    assert.deepEqual(await names(page), ["shop/web"]);
    await page.getByLabel("Lifecycle", { exact: true }).selectOption({ label: "no policy" });
    assert.deepEqual(await names(page), []);
    await page.getByLabel("Principal", { exact: true }).selectOption({ label: "anybody" });
    assert.deepEqual(await names(page), ["tools/lint"]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByLabel("Stack", { exact: true }).selectOption({ label: "Tools" });
    await page.getByLabel("Setting", { exact: true }).selectOption({ label: "immutable tags" });
    assert.deepEqual(await names(page), ["tools/fmt"]);
  });
});

test("a link to repositories shows them, and one to a hidden row shows it", async () => {
  await open("timeline", {}, async (page) => {
    const all = await shown(page);
    await page.locator("#policy-1 a").first().click();
    const some = await names(page);
    assert.ok(some.length > 0 && some.length < all, `${some}`);
    assert.match(await page.getByRole("status").textContent(), /Policy 1: \d+ repositories/);
    await page.getByLabel("Search", { exact: true }).fill("no such repository");
    await page.locator(".picture a[href='#repository-0']").click();
    assert.equal(await shown(page), all);
    assert.ok(await page.locator("#repository-0").isVisible());
  });
});

test("an address of a row shows it, however many rows are hidden", async () => {
  await open("large", {}, async (page) => {
    assert.ok(!await page.locator("#repository-1500").isVisible());
    await page.evaluate(() => { location.hash = "#repository-1500"; });
    const row = page.locator("#repository-1500");
    await row.waitFor({ state: "visible" });
    await page.waitForFunction(() => {
      const { top, bottom } = document.getElementById("repository-1500").getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
    await page.reload();
    assert.ok(await row.isVisible());
  });
});

test("the keyboard reaches everything, and shows where it is", async () => {
  await open("timeline", {}, async (page) => {
    await page.keyboard.press("Tab");
    const first = page.locator(":focus");
    assert.equal(await first.textContent(), "Skip to the repositories");
    assert.ok(await first.isVisible());
    const wanted = await page.locator("a, button, input, select, [tabindex='0']").evaluateAll(
      (all) => all.filter((it) => it.checkVisibility()).length,
    );
    const seen = new Set();
    for (let step = 0; step < wanted + 5; step += 1) {
      const at = await page.evaluate(() => {
        const it = document.activeElement;
        if (it === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(it);
        const all = [...document.querySelectorAll("a, button, input, select, [tabindex='0']")];
        return { index: all.indexOf(it), html: it.outerHTML.slice(0, 80), visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
      });
      if (at) {
        assert.ok(at.visible, `the focus is not visible on ${at.html}`);
        seen.add(at.index);
      }
      await page.keyboard.press("Tab");
    }
    assert.equal(seen.size, wanted);
  });
});

test("a phone and paper have the picture as a list, with the same boxes", async () => {
  await open("timeline", {}, async (page) => {
    const list = page.locator(".outline");
    const drawing = page.locator("#picture svg");
    assert.ok(await drawing.isVisible() && !await list.isVisible());
    const labels = await page.locator("#picture .box:not(.principal) > a > text:first-of-type").allTextContents();
    await page.setViewportSize(PHONE);
    assert.ok(!await drawing.isVisible() && await list.isVisible());
    const listed = await list.locator("a").allTextContents();
    assert.deepEqual([...listed].sort(), [...labels].sort());
    await page.setViewportSize(DESKTOP);
    await page.emulateMedia({ media: "print" });
    assert.ok(!await drawing.isVisible() && await list.isVisible());
  });
});

test("a picture that is wider than the window is scaled to it, or shown in full size", async () => {
  await open("timeline", { viewport: { width: 900, height: 800 } }, async (page) => {
    const drawing = page.locator("#picture svg");
    const natural = Number(await drawing.getAttribute("width"));
    const width = async () => (await drawing.boundingBox()).width;
    assert.ok(natural > 900 && await width() < 900);
    const button = page.getByRole("button", { name: "Full size" });
    await button.click();
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    assert.equal(await width(), natural);
    await fits(page);
    await button.press("Enter");
    assert.ok(await width() < 900);
    await page.setViewportSize({ width: 1600, height: 800 });
    await button.waitFor({ state: "hidden" });
    assert.equal(await width(), natural);
  });
});

test("landmarks and headings tell what is where", async () => {
  await open("timeline", {}, async (page) => {
    for (const landmark of ["banner", "main", "navigation", "search", "contentinfo"]) {
      assert.equal(await page.getByRole(landmark).count(), 1, landmark);
    }
    const levels = await page.locator("h1, h2, h3, h4").evaluateAll((all) => all.map((it) => Number(it.tagName[1])));
    assert.deepEqual(levels.filter((level) => level === 1), [1]);
    levels.forEach((level, index) => assert.ok(index === 0 ? level === 1 : level <= levels[index - 1] + 1));
    for (const heading of ["Picture", "Repositories", "Lifecycle rules", "Access", "Images that go", "Findings"]) {
      assert.equal(await page.getByRole("region", { name: heading, exact: true }).count(), 1, heading);
    }
  });
});

test("the timeline tells what goes when, and what is in use", async () => {
  await open("timeline", {}, async (page) => {
    const bars = await page.locator(".chart rect").count();
    const days = await page.locator("#forecast-table tbody tr").count();
    assert.ok(bars >= days && days > 1, `${bars} ${days}`);
    const inUse = page.locator(".timeline li").filter({ hasText: "in use by" });
    assert.ok(await inUse.count() > 0);
    await page.locator("#repositories-table a[href^='#forecast-']").first().click();
    assert.ok(await page.locator(".card:target").isVisible());
  });
});

test("names are text, whatever they contain", async () => {
  await open("hostile", {}, async (page) => {
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(await page.locator("b, img, iframe, [onclick], [onerror]").count(), 0);
    const text = await page.locator("body").innerText();
    assert.ok(text.includes("</script><script>alert(1)</script>"), text);
    assert.ok(!/[\u200b-\u200f\u2028-\u202e\u2060-\u2069]/.test(text));
  });
});

test("the policy of the page forbids other scripts, styles and requests", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(pathToFileURL(`${folder}/timeline.html`).href);
  const forbidden = await page.evaluate(async () => {
    const violated = [];
    document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
    const add = (tag, fill) => document.body.append(Object.assign(document.createElement(tag), fill));
    add("script", { textContent: "window.ran = true;" });
    add("style", { textContent: "body { display: none; }" });
    add("img", { src: "https://example.com/a.png" });
    add("iframe", { src: "https://example.com/" });
    document.body.setAttribute("style", "display: none");
    await fetch("https://example.com/").catch(() => {});
    await new Promise((done) => setTimeout(done, 200));
    return { violated: [...new Set(violated)].sort(), ran: window.ran, display: getComputedStyle(document.body).display };
  });
  assert.deepEqual(forbidden, {
    violated: ["connect-src", "frame-src", "img-src", "script-src-elem", "style-src-attr", "style-src-elem"],
    ran: undefined,
    display: "block",
  });
  await context.close();
});

test("2,000 repositories are usable", async (t) => {
  await open("large", {}, async (page) => {
    assert.match(await page.getByRole("status").textContent(), /^2000 of 2000 found, of which the first 250 are shown$/);
    assert.equal(await shown(page), 250);
    const time = (what, act) => page.evaluate(async ([what, act]) => {
      const start = performance.now();
      new Function(act)();
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return `${what}: ${Math.round(performance.now() - start)} ms`;
    }, [what, act]);
    t.diagnostic(await time("search", "const it = document.getElementById('search'); it.value = 'app7'; it.dispatchEvent(new Event('input'));"));
    const found = await names(page);
    assert.equal(found.length, 220);
    assert.ok(found.every((name) => name.includes("app7")));
    t.diagnostic(await time("clear", "document.getElementById('clear').click();"));
    t.diagnostic(await time("sort", "document.querySelector('#repositories-table th button').click();"));
    assert.deepEqual((await names(page)).slice(0, 3), ["team0/app0", "team0/app1", "team0/app2"]);
    t.diagnostic(await time("sort back", "document.querySelector('#repositories-table th button').click();"));
    assert.equal((await names(page))[0], "team19/app99");
    await page.getByRole("button", { name: "Show all that were found" }).click();
    assert.equal(await shown(page), 2000);
    // Paper has no button.
    await page.reload();
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await shown(page), 2000);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await shown(page), 250);
    await page.getByRole("button", { name: "Show all that were found" }).click();
    await page.evaluate(() => ["beforeprint", "afterprint"].forEach((name) => dispatchEvent(new Event(name))));
    assert.equal(await shown(page), 2000);
    await page.locator("#access a[data-rows]").nth(30).click();
    assert.match(await page.getByRole("status").textContent(), /^100 of 2000 found/);
  });
});
