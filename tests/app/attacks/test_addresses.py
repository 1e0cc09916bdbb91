"""Attacks that ask for addresses: what is not a lesson is not there, and every answer is safe to show."""

import contextlib
import re
import socket

import pytest
import websocket

from tests.app.attacks.conftest import SECRET
from tests.app.attacks.stranger import Stranger, attack

UP = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..\\", "..%5c", "....//", "%c0%ae%c0%ae/", "/")
TARGETS = ("outside.png", "notebooks/.env", "etc/passwd", "voila.json")


def refused(stranger: Stranger, path: str, method: str = "GET", **headers: str) -> bool:
    """Whether an address is refused in a few words, and nothing is said that it should not."""
    answer = stranger.ask(path, method, **headers)
    assert SECRET not in answer.text, path
    assert "root:" not in answer.text, path
    assert "Traceback" not in answer.text, path
    return 400 <= answer.status < 500


def climb(stranger: Stranger, start: str) -> None:
    """Try to climb out of a folder that is served, in all ways of writing that."""
    for up in UP:
        for target in TARGETS:
            for times in (1, 3, 8):
                assert refused(stranger, f"{start}{up * times}{target}"), (start, up, target)


def kept(stranger: Stranger, kind: str) -> str:
    found = re.search(r'"?(/convviz/\w+/)pictures', stranger.ask("/").text)
    assert found
    return f"{found[1]}{kind}/"


@attack("Path traversal over static files")
def test_static_files_lead_nowhere_else(stranger):
    climb(stranger, kept(stranger, "static"))


@attack("Path traversal over lab extensions")
def test_lab_extensions_lead_nowhere_else(stranger):
    climb(stranger, kept(stranger, "labextensions"))
    climb(stranger, "/voila/labextensions/")


@attack("Path traversal over pictures and files of the notebooks")
def test_files_lead_nowhere_else(stranger):
    climb(stranger, kept(stranger, "pictures"))
    climb(stranger, "/voila/files/")


@attack("Path traversal over templates")
def test_templates_lead_nowhere_else(stranger):
    climb(stranger, "/voila/templates/")
    climb(stranger, "/voila/templates/convviz/static/")


@attack("Path traversal over pages and lists")
def test_pages_lead_nowhere_else(stranger):
    climb(stranger, "/voila/render/")
    climb(stranger, "/voila/tree/")


@attack("Download of Python, text and data files")
def test_files_beside_the_lessons_are_not_served(stranger):
    for name in ("secret.py", "secret.txt", "secret.csv"):
        for start in ("/voila/files/", "/voila/render/", "/voila/tree/", "/files/", "/", "/voila/api/contents/"):
            answer = stranger.ask(start + name)
            assert SECRET not in answer.text
            assert answer.status != 200


@attack("Download of notebooks")
def test_notebooks_are_not_served_as_files(stranger):
    for name in ("01_sliding_window.ipynb", "01_SLIDING_WINDOW.IPYNB", "01_sliding_window.ipynb%20"):
        for start in (
            "/voila/files/",
            "/files/",
            "/notebooks/",
            "/api/contents/",
            "/voila/api/contents/",
            "/nbconvert/html/",
        ):
            assert refused(stranger, start + name)


@attack("Download of .env and other hidden files")
def test_hidden_files_are_not_served(stranger):
    for name in (".env", "%2eenv", ".git/config", ".ipynb_checkpoints/index-checkpoint.ipynb", ".ssh/id_rsa"):
        for start in ("/voila/files/", "/voila/render/", "/voila/tree/", "/", kept(stranger, "pictures")):
            assert refused(stranger, start + name)


@attack("/api/contents: read, write and delete files")
def test_there_is_no_file_api(stranger):
    for method in ("GET", "PUT", "POST", "PATCH", "DELETE"):
        for path in (
            "/api/contents",
            "/api/contents/index.ipynb",
            "/voila/api/contents/",
            "/api/contents/a/checkpoints",
        ):
            assert refused(stranger, path, method)


@attack("/api/kernels: list and start kernels")
def test_kernels_are_neither_listed_nor_started(stranger):
    starts = stranger.measured("kernel_starts_total")
    for method in ("GET", "POST"):
        for path in ("/api/kernels", "/api/kernels/", "/api/kernelspecs", "/api/kernels?kernel_name=python3"):
            assert refused(stranger, path, method)
    assert stranger.measured("kernel_starts_total") == starts


@attack("/api/kernels: interrupt and restart somebody's kernel")
def test_kernels_are_not_driven_from_outside(stranger, page):
    for action in ("interrupt", "restart"):
        assert refused(stranger, f"/api/kernels/{page.kernel_id}/{action}", "POST")
    page.works()


@attack("/api/sessions: list and start sessions")
def test_there_is_no_session_api(stranger):
    for method in ("GET", "POST"):
        assert refused(stranger, "/api/sessions", method)


@attack("/api/terminals: open a shell")
def test_there_is_no_terminal(stranger):
    for path in ("/api/terminals", "/terminals/1", "/terminals/websocket/1", "/terminals/new/1"):
        for method in ("GET", "POST"):
            assert refused(stranger, path, method)


@attack("JupyterLab, Notebook and their settings")
def test_there_is_nothing_but_the_lessons(stranger):
    for path in (
        "/lab",
        "/tree",
        "/edit/secret.py",
        "/lab/api/settings",
        "/api/config/x",
        "/api/shutdown",
        "/api/me",
        "/voila/api/themes/x",
        "/voila/static/voila.js",
        "/voila/query/a-b-c-d-e",
        "/api/security/csp-report",
    ):
        for method in ("GET", "POST", "DELETE"):
            assert refused(stranger, path, method)


@attack("Guessing the id of a kernel")
def test_an_unknown_kernel_is_not_there(stranger):
    for kernel_id in ("00000000-0000-0000-0000-000000000000", "a-b-c-d-e", "1", "%2a", "x' or 1=1"):
        address = "/api/kernels/" + kernel_id.replace(" ", "%20")
        for method in ("GET", "DELETE"):
            assert refused(stranger, address, method)
        assert refused(stranger, f"/voila/api/shutdown/{kernel_id.replace(' ', '%20')}", "POST", Content_Length="0")
    with pytest.raises(websocket.WebSocketBadStatusException, match="404"):
        stranger.socket("00000000-0000-0000-0000-000000000000")


@attack("Another site under this computer's number (DNS rebinding)")
def test_another_name_is_refused(stranger, page):
    for host in (
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
        "a b",
        "x" * 300,
    ):
        for path in ("/", "/healthz", f"/api/kernels/{page.kernel_id}", "/voila/render/01_sliding_window.ipynb"):
            assert refused(stranger, path, Host=host), host
    for host in ("localhost:1", "127.0.0.1", "[::1]:8866", "lessons.example"):
        assert stranger.ask("/healthz", Host=host).status == 200
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        stranger.socket(page.kernel_id, host="evil.example")


@attack("A websocket from another site")
def test_a_websocket_of_another_origin_is_refused(stranger, page):
    for origin in ("http://evil.example", "https://lessons.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
            stranger.socket(page.kernel_id, origin=origin)
    stranger.socket(page.kernel_id, origin=stranger.url.rstrip("/")).close()


@attack("Ending somebody's kernel from another site")
def test_another_site_ends_no_kernel(stranger, page):
    other = {"Origin": "http://evil.example", "Content_Length": "0"}
    assert refused(stranger, f"/api/kernels/{page.kernel_id}", "DELETE", **other)
    assert refused(stranger, f"/voila/api/shutdown/{page.kernel_id}", "POST", **other)
    page.works()


@attack("?template= another template")
def test_the_address_chooses_no_template(stranger):
    plain = stranger.ask("/").text
    for template in ("lab", "classic", "reveal", "base", "../../x", "nothing", "%00"):
        assert stranger.ask(f"/?template={template}").text == plain
        assert stranger.ask(f"/voila/render/index.ipynb?template={template}").status == 302


@attack("?theme= with a script")
def test_the_address_writes_nothing_into_the_page(stranger):
    for name in ("theme", "template", "classic-tree", "title", "stride", "x", "token", "next"):
        answer = stranger.ask(f"/?{name}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        assert "alert(1)" not in answer.text
        answer = stranger.ask(f"/voila/tree?{name}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        assert "<script>alert(1)" not in answer.text
    answer = stranger.ask("/voila/render/%3Cscript%3Ealert(1)%3C/script%3E.ipynb")
    assert "alert(1)" not in answer.text


@attack("A lesson's address that holds anything")
def test_an_address_is_no_part_of_the_page(shared):
    # The shared page was asked for with a template, a theme and a script; its search is read in the browser alone.
    assert "alert(1)" not in shared.html
    assert "mode=full" not in shared.html
    assert 'data-jp-theme-name="JupyterLab Light"' in shared.html
    assert "convviz.css" in shared.html
    assert shared.html.rstrip().endswith("</html>")


@attack("Odd addresses")
def test_odd_addresses_are_refused(stranger):
    odd = [
        "%00",
        "%ff",
        "a%0d%0aSet-Cookie:x",
        "%",
        "%zz",
        "a" * 5000,
        "a/" * 500,
        "con",
        "%u0041",
        "%c3%a9",
        "~root",
        "*",
        "?" * 50,
        "#",
        ";",
        "|id",
        "$(id)",
        "`id`",
        "{{7*7}}",
        "{%25x%25}",
        "'",
        '"',
        "<x>",
        "a" * 250 + ".ipynb",
    ]
    for start in (
        "/",
        "//",
        "/voila/render/",
        "/voila/files/",
        "/voila/tree/",
        "/voila/templates/",
        "/api/kernels/",
        "/convviz/x/static/",
        "/convviz/opening/x/",
    ):
        for end in odd:
            answer = stranger.ask(start + end)
            assert answer.status < 500, start + end
            assert "Traceback" not in answer.text
            assert "49" not in answer.text or "{{7*7}}" not in end


@attack("Odd methods")
def test_odd_methods_are_refused(stranger):
    for method in ("PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FOO", "get"):
        for path in ("/", "/healthz", "/voila/render/01_sliding_window.ipynb", "/api/kernels/a-b-c-d-e"):
            assert stranger.ask(path, method).status == 405
    for path in ("/", "/metrics", "/voila/render/01_sliding_window.ipynb"):
        assert stranger.ask(path, "DELETE").status == 405


@attack("HEAD of a lesson, again and again")
def test_head_starts_no_kernel(stranger):
    starts = stranger.measured("kernel_starts_total")
    for path in (
        "/",
        "/voila/render/01_sliding_window.ipynb",
        "/healthz",
        "/metrics",
        kept(stranger, "pictures") + "index.png",
    ):
        for _ in range(10):
            answer = stranger.ask(path, "HEAD")
            assert (answer.status, answer.body) == (200, b"")
    assert stranger.ask("/voila/render/none.ipynb", "HEAD").status == 404
    assert stranger.measured("kernel_starts_total") == starts


@attack("/login and /logout")
def test_there_is_nobody_to_log_in(stranger):
    for path in ("/login", "/logout", "/login?next=//evil.example"):
        for method in ("GET", "POST"):
            assert refused(stranger, path, method)


@attack("The lessons inside another site's page (clickjacking)")
def test_other_sites_cannot_show_it_inside_of_theirs(stranger):
    for path in ("/", "/voila/render/none.ipynb", "/nothing", kept(stranger, "pictures") + "index.png"):
        policy = stranger.ask(path).headers["content-security-policy"]
        # The administrator of this one has allowed one site.
        assert policy.endswith("; frame-ancestors 'self' https://moodle.example")
        assert "default-src 'self';" in policy
        assert "object-src 'none'" in policy


@attack("Files that are taken for something else (MIME sniffing)")
def test_every_answer_has_its_safe_headers(stranger):
    for path in (
        "/",
        "/voila/render/none.ipynb",
        "/nothing",
        "/%00",
        "/metrics",
        "/healthz",
        "/api/kernels/a-b-c-d-e",
        kept(stranger, "pictures") + "index.png",
        kept(stranger, "static") + "voila.js",
    ):
        headers = stranger.ask(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cache-control"]
        assert "server" not in headers


@attack("Following visitors by cookies")
def test_cookies_name_nobody_and_stay_on_the_site(stranger):
    for path in ("/", "/voila/render/none.ipynb", "/healthz"):
        cookie = stranger.ask(path).headers.get("set-cookie", "")
        assert "username" not in cookie
        assert not cookie or "samesite=lax" in cookie.lower()


@attack("Huge and endless requests")
def test_huge_requests_are_refused(stranger):
    host, port = stranger.host.split(":")
    for rest in (
        b"X: " + b"a" * 200_000,
        b"X: 1\r\n" * 20_000,
        b"Content-Length: 99999999999\r\n",
        b"Content-Length: -1\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=10) as line, contextlib.suppress(ConnectionError):
            line.sendall(
                f"POST /voila/api/shutdown/x HTTP/1.1\r\nHost: {stranger.host}\r\n".encode() + rest + b"\r\n\r\n"
            )
            while line.recv(65536):
                pass
    assert stranger.ask("/healthz").status == 200


@attack("Hundreds of requests that never end (Slowloris)")
def test_half_a_request_stops_nobody(stranger):
    host, port = stranger.host.split(":")
    with contextlib.ExitStack() as lines:
        for _ in range(200):
            line = lines.enter_context(socket.create_connection((host, int(port)), timeout=10))
            line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert stranger.ask("/").status == 200


@attack("A flood of requests")
def test_a_flood_of_requests_starts_nothing(stranger):
    starts = stranger.measured("kernel_starts_total")
    for _ in range(100):
        assert stranger.ask("/").status == 200
    assert stranger.measured("kernel_starts_total") == starts


@attack("What /metrics and /healthz say of visitors")
def test_what_is_measured_names_nobody(stranger, page):
    text = stranger.ask("/metrics").text + stranger.ask("/healthz").text
    assert page.kernel_id not in text
    assert "127.0.0.1" not in text
    assert stranger.measured("kernels") >= 1
    assert stranger.measured("kernels_most") == 3
