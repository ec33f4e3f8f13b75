"""What a picky reader finds on a page in a real browser: barriers, things wider than the screen, things on top of each other."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The rules whose answer hangs on colours: all others are the same in the dark.
OF_COLOURS = ["color-contrast", "link-in-text-block"]

_RUN = """async (asked) => {
  const found = await axe.run(document, {...asked, resultTypes: ['violations'], preload: false});
  return found.violations.map(v => `${v.id}: ${v.help}: ` + v.nodes.slice(0, 3).map(
    n => n.html.slice(0, 160) + ' (' + n.target.join(' ') + ') '
      + [...n.any, ...n.all, ...n.none].map(c => c.message).join('; ')).join(' | '));
}"""

_WIDER = """() => {
  const width = window.innerWidth;
  const wide = document.documentElement.scrollWidth;
  if (wide <= width) return null;
  return `${wide} wide on ${width}: ` + [...document.querySelectorAll('body *')].filter(
    e => e.getBoundingClientRect().right > width + 1 && !e.closest('.scroll')).slice(0, 3)
    .map(e => e.outerHTML.slice(0, 100)).join(' | ');
}"""

_OVERLAPS = """() => {
  const CLIP = 3, boxes = [];
  for (const e of document.querySelectorAll(
      'a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const frame = e.closest('.scroll')?.getBoundingClientRect();
    for (const r of e.getClientRects()) {
      if (r.width < 2 || r.height < 2 || r.right <= 0 || r.bottom + scrollY <= 0) continue;
      if (frame && (r.left >= frame.right || r.right <= frame.left)) continue;
      boxes.push([e, r]);
    }
  }
  const found = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, p] = boxes[i], [b, q] = boxes[j];
    if (a === b || a.contains(b) || b.contains(a)) continue;
    const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (wide > CLIP && high > CLIP) found.push(
      `${a.outerHTML.slice(0, 90)} and ${b.outerHTML.slice(0, 90)} share ${Math.round(wide)}x${Math.round(high)}`);
  }
  return found.slice(0, 4);
}"""


def barriers(page, rules=None, without=()):
    """What axe-core has against the page as it is shown now; only some rules, or all but some, where they are named."""
    asked = {"type": "tag", "values": TAGS} if rules is None else {"type": "rule", "values": rules}
    return page.evaluate(_RUN, {"runOnly": asked, "rules": {rule: {"enabled": False} for rule in without}})


def too_wide(page):
    """Why the page scrolls sideways, or None."""
    return page.evaluate(_WIDER)


def overlaps(page):
    """Links, buttons and fields that lie on each other, neither inside the other."""
    return page.evaluate(_OVERLAPS)
