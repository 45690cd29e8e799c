"""Facebook Pages: posts to a Page of ours through the Graph API."""
