//! Source code.
use super::super::template::{Template, Writing};

const fn code(about: &'static str, path: &'static str, text: &'static str) -> Template {
    Template { about, path, writing: Writing::Plain, text }
}

pub(super) const TEMPLATES: &[Template] = &[
    code(
        "python",
        "app/settings.py",
        "import os\n\nDEBUG = False\nALLOWED_HOSTS = [\"*\"]\n@SCREAM@ = \"@value@\"\nTIMEOUT = 30\n",
    ),
    code(
        "javascript",
        "src/client.js",
        "'use strict';\nconst http = require('http');\n\nconst @camel@ = '@value@';\n\nmodule.exports = { @camel@, timeout: 30 };\n",
    ),
    code(
        "typescript",
        "src/client.ts",
        "import { Client } from './http';\n\nexport const client = new Client({\n  @camel@: \"@value@\",\n  retries: 3,\n});\n",
    ),
    code(
        "go",
        "internal/upstream/client.go",
        "package upstream\n\nimport \"time\"\n\nconst (\n\t@camel@ = \"@value@\"\n\ttimeout = 30 * time.Second\n)\n",
    ),
    code(
        "java",
        "src/main/java/io/acme/Upstream.java",
        "package io.acme;\n\npublic final class Upstream {\n    private static final String @SCREAM@ = \"@value@\";\n    private static final int TIMEOUT = 30;\n}\n",
    ),
    code(
        "ruby",
        "config/initializers/upstream.rb",
        "Upstream.configure do |config|\n  config.@snake@ = '@value@'\n  config.timeout = 30\nend\n",
    ),
    code(
        "php",
        "config/services.php",
        "<?php\n\nreturn [\n    'upstream' => [\n        '@snake@' => '@value@',\n        'timeout' => 30,\n    ],\n];\n",
    ),
    code(
        "csharp",
        "src/Api/Upstream.cs",
        "namespace Acme.Api;\n\ninternal static class Upstream\n{\n    private const string @Pascal@ = \"@value@\";\n    private const int Timeout = 30;\n}\n",
    ),
    code(
        "rust",
        "src/upstream.rs",
        "use std::time::Duration;\n\nconst @SCREAM@: &str = \"@value@\";\nconst TIMEOUT: Duration = Duration::from_secs(30);\n",
    ),
    code(
        "kotlin",
        "app/src/main/kotlin/Upstream.kt",
        "package io.acme\n\nobject Upstream {\n    const val @SCREAM@ = \"@value@\"\n    const val TIMEOUT = 30\n}\n",
    ),
    code(
        "swift",
        "Sources/Upstream.swift",
        "import Foundation\n\nenum Upstream {\n    static let @camel@ = \"@value@\"\n    static let timeout = 30\n}\n",
    ),
    code("dart", "lib/upstream.dart", "class Upstream {\n  static const @camel@ = '@value@';\n  static const timeout = 30;\n}\n"),
    code(
        "elixir",
        "config/runtime.exs",
        "import Config\n\nconfig :shop, Upstream,\n  @snake@: \"@value@\",\n  timeout: 30_000\n",
    ),
    code(
        "scala",
        "src/main/scala/Upstream.scala",
        "object Upstream {\n  val @camel@: String = \"@value@\"\n  val timeout = 30\n}\n",
    ),
    code("perl", "lib/Upstream.pm", "package Upstream;\nuse strict;\n\nmy $@snake@ = '@value@';\nmy $timeout = 30;\n\n1;\n"),
    code(
        "c",
        "src/upstream.c",
        "#include \"upstream.h\"\n\n#define TIMEOUT 30\n#define @SCREAM@ \"@value@\"\n\nstatic const int retries = 3;\n",
    ),
    code("lua", "lua/upstream.lua", "local M = {}\nM.timeout = 30\nM.@snake@ = \"@value@\"\nreturn M\n"),
    code("r", "R/upstream.R", "timeout <- 30\n@snake@ <- \"@value@\"\nSys.setenv(@SCREAM@ = @snake@)\n"),
    code(
        "python-keyword-argument",
        "jobs/sync.py",
        "from upstream import Client\n\nclient = Client(\n    timeout=30,\n    @snake@=\"@value@\",\n)\n",
    ),
    code(
        "python-dictionary",
        "jobs/headers.py",
        "HEADERS = {\n    \"Accept\": \"application/json\",\n    \"@Header@\": \"@value@\",\n}\n",
    ),
    code(
        "notebook",
        "notebooks/sync.ipynb",
        "{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"source\": [\n    \"import upstream\\n\",\n    \"@snake@ = '@value@'\\n\",\n    \"upstream.sync()\"\n   ]\n  }\n ],\n \"nbformat\": 4\n}\n",
    ),
    code(
        "html-script",
        "public/index.html",
        "<!doctype html>\n<title>Orders</title>\n<script>\n  window.settings = { locale: \"en\", @camel@: \"@value@\" };\n</script>\n",
    ),
    code("react", "src/Map.jsx", "export default function Map() {\n  return <Tiles zoom={8} @camel@=\"@value@\" />;\n}\n"),
    code(
        "js-fallback",
        "src/settings.mjs",
        "export const timeout = 30;\nexport const @camel@ = process.env.@SCREAM@ || \"@value@\";\n",
    ),
    code("python-fallback", "app/env.py", "import os\n\ntimeout = 30\n@snake@ = os.environ.get(\"@SCREAM@\", \"@value@\")\n"),
    code("groovy", "build.gradle", "plugins {\n    id 'java'\n}\next {\n    @camel@ = '@value@'\n}\n"),
    code(
        "vue",
        "src/App.vue",
        "<script setup>\nconst zoom = 8\nconst @camel@ = '@value@'\n</script>\n<template><Tiles :zoom=\"zoom\" /></template>\n",
    ),
];
