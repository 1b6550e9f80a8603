// Players in frames: shown where the site comes from a server, made when they come into view, in the colours of the page.

const frames = document.querySelectorAll(".live iframe");

const colour = (frame) => {
    const scheme = document.body.dataset.mdColorScheme === "slate" ? "dark" : "light";
    frame.contentDocument?.documentElement.style.setProperty("color-scheme", scheme);
};
const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        target.src = target.dataset.src;
    }
});
if (location.protocol !== "file:") {
    for (const frame of frames) {
        frame.parentElement.hidden = false;
        frame.addEventListener("load", () => colour(frame));
        seen.observe(frame);
    }
    new MutationObserver(() => frames.forEach(colour)).observe(document.body, {
        attributes: true,
        attributeFilter: ["data-md-color-scheme"],
    });
}
