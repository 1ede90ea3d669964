"""What a person works a page with: a mouse, or the keys alone. Both do the same to the same elements."""

from playwright.sync_api import Locator, Page, expect

MOST_KEYS = 200
HAS_FOCUS = "one => one === document.activeElement"
COMES_BEFORE = """one => {
  const at = document.activeElement;
  return at !== document.body && Boolean(one.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""
# A box or radio that is drawn by its label shows its focus there.
SHOWS_FOCUS = """one => {
  const drawn = [[one, null], ...[...(one.labels || [])].flatMap((label) => [[label, null], [label, "::before"]])];
  const inView = ([part]) => {
    const box = part.getBoundingClientRect();
    return box.width > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  const marked = ([part, pseudo]) => {
    const style = getComputedStyle(part, pseudo);
    return (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none";
  };
  return drawn.some(inView) && drawn.some(marked);
}"""
IS_RADIO = "one => one.type === 'radio'"
LABEL_OF = (
    "(one, wanted) => [...one.options].find((option) => [option.value, option.label].includes(wanted)).label"
)
CHOSEN = "one => one.selectedOptions[0].label"


class Mouse:
    """Clicks; fields are filled."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, field: Locator, value: str) -> None:
        field.fill(value)

    def tick(self, box: Locator) -> None:
        """A box, or one of a group of radio buttons."""
        box.check()

    def select(self, field: Locator, option: str) -> None:
        """By its value or its label."""
        field.select_option(option)

    def take(self, field: Locator, typed: str, option: Locator) -> None:
        """One of the answers that a field offers while somebody types."""
        field.fill(typed)
        option.click()


class Keys(Mouse):
    """Somebody who uses no mouse: whatever they work has the focus, which Tab brought there, and shows it (WCAG 2.1.1, 2.4.7)."""

    def press(self, target: Locator) -> None:
        self.reach(target)
        # The element has the focus by now; pressed on it, Playwright waits for the page that follows.
        target.press("Enter")

    def write(self, field: Locator, value: str) -> None:
        self.reach(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(value)

    def tick(self, box: Locator) -> None:
        if box.evaluate(IS_RADIO):
            self._choose(box)
        elif not box.is_checked():
            self.reach(box)
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def select(self, field: Locator, option: str) -> None:
        self.reach(field)
        label = field.evaluate(LABEL_OF, option)
        self.page.keyboard.type(label)
        assert field.evaluate(CHOSEN) == label

    def take(self, field: Locator, typed: str, option: Locator) -> None:
        self.write(field, typed)
        expect(option).to_be_visible()
        for _ in range(MOST_KEYS):
            self.page.keyboard.press("ArrowDown")
            if option.get_attribute("aria-selected") == "true":
                break
        self.page.keyboard.press("Enter")

    def reach(self, target: Locator) -> None:
        """Tab until it has the focus, backwards where it was passed already."""
        expect(target).to_be_attached()
        way = "Shift+Tab" if target.evaluate(COMES_BEFORE) else "Tab"
        for _ in range(MOST_KEYS):
            if target.evaluate(HAS_FOCUS):
                assert target.evaluate(SHOWS_FOCUS), f"nothing shows the focus of {target}"
                return
            self.page.keyboard.press(way)
        raise AssertionError(f"{way} does not reach {target}")

    def _choose(self, radio: Locator) -> None:
        """Tab into the group, arrows within it."""
        if radio.is_checked():
            return
        name = radio.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{name}']")
        chosen = self.page.locator(f"input[type=radio][name='{name}']:checked")
        self.reach(chosen if chosen.count() else group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
