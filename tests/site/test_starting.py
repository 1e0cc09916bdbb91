"""What the browser's Python leaves out when it starts."""

from matplotlib.artist import Artist

from convviz.app.site.starting import leave_out_signatures

WRITES = "_update_set_signature_and_docstring"


def test_artists_take_their_properties_without_a_list_of_them(monkeypatch):
    monkeypatch.setattr(Artist, WRITES, vars(Artist).get(WRITES), raising=False)  # afterwards it is as it was
    leave_out_signatures()

    class Dot(Artist):
        def set_radius(self, radius):
            self.radius = radius

    dot = Dot()
    dot.set(radius=3)
    assert dot.radius == 3
