"""Stored files: content by its hash, checked on the way in, with thumbnails."""

from chengdan.store.files.blobs import Blobs, DiskBlobs, Stored
from chengdan.store.files.media import HEAD_BYTES, sniff
from chengdan.store.files.object_blobs import ObjectBlobs, configured_blobs
from chengdan.store.files.pages import PAGE_TYPE, PDF_TYPE, Pages, pages
from chengdan.store.files.thumbnail import THUMBNAIL_TYPE, thumbnail
from chengdan.store.files.upload import INLINE_TYPES, check_upload, safe_name

__all__ = [
    "HEAD_BYTES",
    "INLINE_TYPES",
    "PAGE_TYPE",
    "PDF_TYPE",
    "THUMBNAIL_TYPE",
    "Blobs",
    "DiskBlobs",
    "ObjectBlobs",
    "Pages",
    "Stored",
    "check_upload",
    "configured_blobs",
    "pages",
    "safe_name",
    "sniff",
    "thumbnail",
]
