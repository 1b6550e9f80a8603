// English: timeline, inspector, views.

export const editor = {
    timeline: "Timeline",
    inspector: "Inspector",
    views: "Views",
};
