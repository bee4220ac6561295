// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ServiceKit

/// The files of the console, built into the program.
enum ConsoleAsset {
    /// The page itself.
    static let page = PageFile(PackageResources.console_html, .page)

    /// What the page loads, by the names that it gives them.
    static let files: [String: PageFile] = [
        "console.css": PageFile(PackageResources.console_css, .style),
        "console.svg": PageFile(PackageResources.console_svg, .picture),
        "console.js": PageFile(PackageResources.console_js, .script),
        "dom.js": PageFile(PackageResources.dom_js, .script),
        "flow.js": PageFile(PackageResources.flow_js, .script),
        "entity.js": PageFile(PackageResources.entity_js, .script),
        "letters.js": PageFile(PackageResources.letters_js, .script),
        "projections.js": PageFile(PackageResources.projections_js, .script),
    ]
}
