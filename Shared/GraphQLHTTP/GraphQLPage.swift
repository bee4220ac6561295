// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ServiceKit

/// The page on which queries are written, built into the program.
enum GraphQLPage {
    /// The page itself.
    static let page = PageFile(PackageResources.graphql_html, .page)

    /// What the page loads, by the names that it gives them.
    static let files: [String: PageFile] = [
        "graphql.css": PageFile(PackageResources.graphql_css, .style),
        "graphql.svg": PageFile(PackageResources.graphql_svg, .picture),
        "graphql.js": PageFile(PackageResources.graphql_js, .script),
        "language.js": PageFile(PackageResources.language_js, .script),
        "completion.js": PageFile(PackageResources.completion_js, .script),
        "editor.js": PageFile(PackageResources.editor_js, .script),
        "documentation.js": PageFile(PackageResources.documentation_js, .script),
        "days.js": PageFile(PackageResources.days_js, .script),
        "dom.js": PageFile(PackageResources.dom_js, .script),
    ]
}
