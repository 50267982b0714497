// A scorecard's file, put into the form: nothing is uploaded before it is sent.

document.getElementById("file")?.addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file && file.size <= 1_000_000) document.getElementById("text").value = await file.text();
});
